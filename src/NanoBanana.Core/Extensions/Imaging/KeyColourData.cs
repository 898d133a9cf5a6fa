using System.Text.Json.Serialization;

namespace NanoBanana.Extensions.Imaging;

/// <summary>The form of keycolours.json.</summary>
internal sealed record KeyColourData(string Sentence, IReadOnlyList<KeyColourEntry> Colours);

internal sealed record KeyColourEntry(string Name, string Hex, IReadOnlyList<string> Words);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyColourData))]
internal sealed partial class KeyColourJson : JsonSerializerContext;
