using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Catalogue;

/// <summary>One model of the shared catalogue data, as far as the service's rules need it.</summary>
internal sealed record ModelEntry
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public bool Retired { get; init; }

    /// <summary>Whether it answers in words only.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether its end is announced.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>The announced last day, as yyyy-MM-dd.</summary>
    public string? Shutdown { get; init; }

    /// <summary>What may be sent along: image, video, document, text.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = ["image", "text"];

    public IReadOnlyList<string> Sizes { get; init; } = [];
    public bool SizeParameter { get; init; } = true;
    public IReadOnlyList<string> Ratios { get; init; } = [];
    public IReadOnlyList<string> ThinkingLevels { get; init; } = [];
    public string? DefaultThinkingLevel { get; init; }
    public bool AlwaysThinks { get; init; }
    public int ReferenceLimit { get; init; } = 14;
    public bool WebSearch { get; init; }
    public bool ImageSearch { get; init; }
    public string Returns { get; init; } = "image/jpeg";
    public int InputImageTokens { get; init; } = 258;

    public ModelPrices Prices { get; init; } = new(0, 0, 0);

    /// <summary>Output tokens by size.</summary>
    public IReadOnlyDictionary<string, int> ImageTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>Pixels by ratio, then by size.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PixelSize>> Pixels { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, PixelSize>>();

    /// <summary>Models without thinking sign nothing: the signature is the encrypted thought.</summary>
    public bool Thinks => AlwaysThinks || ThinkingLevels.Count > 0;
}
