using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Judging;

/// <summary>What every picture of a brand must be like: a gate with a reason for each.</summary>
public sealed record BrandPolicy
{
    /// <summary>What reasons call it: its name, or its file's.</summary>
    public required string Name { get; init; }

    /// <summary>The least score, 0 to 1; null for the one that the request or the judge says.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>The brand's colors (#rrggbb); empty for any.</summary>
    public ImmutableArray<string> Colors { get; init; } = [];

    /// <summary>How far the picture's colors may be from the brand's, in OKLab: 0.02 is just visible.</summary>
    public double ColorDistance { get; init; } = 0.15;

    /// <summary>How exactly the logo must be there, 0 to 1.</summary>
    public double LogoScore { get; init; } = 0.8;

    /// <summary>Pictures of the logo that must be in the picture; empty for none.</summary>
    public ImmutableArray<Reference> LogoPictures { get; init; } = [];

    /// <summary>Words that may not stand in the picture.</summary>
    public ImmutableArray<string> ForbiddenWords { get; init; } = [];

    /// <summary>Things that may not be in the picture.</summary>
    public ImmutableArray<string> ForbiddenThings { get; init; } = [];

    /// <summary>Parts that something is written over.</summary>
    public ImmutableArray<SafeArea> SafeAreas { get; init; } = [];

    /// <summary>The color (#rrggbb) of what is written there; null for black or white, whichever reads
    /// better.</summary>
    public string? TextColor { get; init; }

    /// <summary>The file's most weight in bytes; null for any.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>The least width in pixels; null for any.</summary>
    public int? MinimumWidth { get; init; }

    /// <summary>The least height in pixels; null for any.</summary>
    public int? MinimumHeight { get; init; }

    /// <summary>Width to height, such as 16:9, met within a fiftieth; null for any.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>none, required or any.</summary>
    public string Transparency { get; init; } = "any";

    /// <summary>The least contrast from darkest to lightest, 0 to 1; null for any.</summary>
    public double? MinimumContrast { get; init; }

    /// <summary>The least sharpness; null for any.</summary>
    public double? MinimumSharpness { get; init; }

    /// <summary>Whether somebody has to look at the picture to tell.</summary>
    public bool NeedsJudge => !ForbiddenWords.IsEmpty || !ForbiddenThings.IsEmpty || !LogoPictures.IsEmpty;

    /// <summary>SHA-256 of what the policy says, which a request's hash counts.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Reads a policy.</summary>
    /// <param name="path">Full path of brand.json.</param>
    /// <param name="anchor">Finds the anchor of a name; null where there are none.</param>
    /// <exception cref="NbException">It is missing or wrong (Nb.Policy.*), or its logo is not there.</exception>
    public static BrandPolicy Load(string path, Func<string, Anchor>? anchor = null) =>
        Directory.Exists(path) ? throw PolicyErrors.Invalid(path, "it is a folder.") : PolicyReader.Read(path, anchor);
}
