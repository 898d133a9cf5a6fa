using System.Text.Json.Serialization;

namespace NanoBanana.Extensions.Imaging;

/// <summary>The form of keycolors.json.</summary>
internal sealed record KeyColorData(string Sentence, IReadOnlyList<KeyColorEntry> Colors);

internal sealed record KeyColorEntry(string Name, string Hex, IReadOnlyList<string> Words);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyColorData))]
internal sealed partial class KeyColorJson : JsonSerializerContext;
