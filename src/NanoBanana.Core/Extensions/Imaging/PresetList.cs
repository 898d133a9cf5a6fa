using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoBanana.Extensions.Imaging;

/// <summary>The form of presets.json.</summary>
internal sealed record PresetList(ImmutableArray<Preset> Presets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PresetList))]
internal sealed partial class PresetJson : JsonSerializerContext;
