using System.Globalization;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Catalog;

/// <summary>One model of the shared catalog data, as far as the service's rules need it.</summary>
internal sealed record ModelEntry
{
    /// <summary>The size for a request without one.</summary>
    public const string DefaultSize = "1K";

    private const int UsualTokens = 1120;
    private const int UsualInputTokens = 258;

    public required string Id { get; init; }
    public required string Name { get; init; }
    public bool Retired { get; init; }

    /// <summary>Whether it answers in words only.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether its retirement is announced.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>The announced last day, as yyyy-MM-dd.</summary>
    public string? Shutdown { get; init; }

    /// <summary>Accepted inputs: image, video, document, text.</summary>
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

    /// <summary>The tools it may use beside searches, in snake case as in both APIs.</summary>
    public IReadOnlySet<string> Tools { get; init; } = new HashSet<string>();
    public string Returns { get; init; } = "image/jpeg";

    /// <summary>Tokens of an input image without a media resolution; null for the default number.</summary>
    public int? InputImageTokens { get; init; }

    /// <summary>Tokens of an image, of a second of video and of a page, by kind and media resolution.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> InputTokens { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, int>>();

    public ModelPrices Prices { get; init; } = new(0, 0, 0);

    /// <summary>Output tokens by size.</summary>
    public IReadOnlyDictionary<string, int> ImageTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>Pixels by ratio, then by size.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PixelSize>> Pixels { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, PixelSize>>();

    /// <summary>What a picture of a size costs; a size without a price costs as one of 1K.</summary>
    public int TokensOf(string size) =>
        ImageTokens.GetValueOrDefault(size, ImageTokens.GetValueOrDefault(DefaultSize, UsualTokens));

    /// <summary>What an input is billed as.</summary>
    public int TokensOf(RequestMedia media, string? resolution)
    {
        string level = (media.Resolution ?? resolution)?.ToLowerInvariant() ?? "default";
        if (InputTokens.GetValueOrDefault(media.ContentType) is not { } levels) return UsualInputTokens;
        int one = level == "default" && media.IsImage && InputImageTokens is { } known ? known
            : levels.GetValueOrDefault(level, levels.GetValueOrDefault("default"));
        return one * MediaLength.Of(media);
    }

    /// <summary>The pixels from the table; others are computed from ratio and size.</summary>
    public PixelSize PixelsOf(string ratio, string size) =>
        Pixels.TryGetValue(ratio, out IReadOnlyDictionary<string, PixelSize>? sizes)
            && sizes.TryGetValue(size, out PixelSize pixels)
            ? pixels
            : Computed(ratio, size);

    // A size is a number of K, or of pixels; a ratio keeps the area. Sides are multiples of 16.
    private static PixelSize Computed(string ratio, string size)
    {
        double side = double.TryParse(size.TrimEnd('K'), CultureInfo.InvariantCulture, out double number) ? number : 1;
        side = size.EndsWith('K') ? side * 1024 : Math.Max(side, 16);
        string[] sides = ratio.Split(':');
        double shape = sides.Length == 2 && double.TryParse(sides[0], CultureInfo.InvariantCulture, out double width)
            && double.TryParse(sides[1], CultureInfo.InvariantCulture, out double height) && width > 0 && height > 0
                ? Math.Sqrt(width / height)
                : 1;
        return new PixelSize(Rounded(side * shape), Rounded(side / shape));

        static int Rounded(double length) => Math.Clamp((int)Math.Round(length / 16) * 16, 16, 16384);
    }

    /// <summary>Models without thinking sign nothing: the signature is the encrypted thought.</summary>
    public bool Thinks => AlwaysThinks || ThinkingLevels.Count > 0;
}
