using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Judging;

/// <summary>The rules that every picture of a brand must meet, as gates that give reasons.</summary>
public sealed record BrandPolicy
{
    /// <summary>Its name in reasons: the policy's name, or its file name.</summary>
    public required string Name { get; init; }

    /// <summary>The lowest accepted score, 0 to 1; null for that of the request or the judge.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>The brand's colors (#rrggbb); empty for any.</summary>
    public ImmutableArray<string> Colors { get; init; } = [];

    /// <summary>How far the picture's colors may be from the brand's, in OKLab: 0.02 is just visible.</summary>
    public double ColorDistance { get; init; } = 0.15;

    /// <summary>How exactly the logo must match, 0 to 1.</summary>
    public double LogoScore { get; init; } = 0.8;

    /// <summary>Pictures of the logo that must be in the picture; empty for none.</summary>
    public ImmutableArray<Reference> LogoPictures { get; init; } = [];

    /// <summary>Words that must not appear in the picture.</summary>
    public ImmutableArray<string> ForbiddenWords { get; init; } = [];

    /// <summary>Things that must not appear in the picture.</summary>
    public ImmutableArray<string> ForbiddenThings { get; init; } = [];

    /// <summary>Areas that text is placed on later.</summary>
    public ImmutableArray<SafeArea> SafeAreas { get; init; } = [];

    /// <summary>The color (#rrggbb) of the text placed there; null for black or white, whichever is more
    /// readable.</summary>
    public string? TextColor { get; init; }

    /// <summary>The largest file size in bytes; null for any.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>The smallest width in pixels; null for any.</summary>
    public int? MinimumWidth { get; init; }

    /// <summary>The smallest height in pixels; null for any.</summary>
    public int? MinimumHeight { get; init; }

    /// <summary>Ratio of width to height, such as 16:9, with a tolerance of 2 percent; null for any.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>Whether the picture must be transparent: none, required or any.</summary>
    public string Transparency { get; init; } = "any";

    /// <summary>The lowest contrast from darkest to lightest, 0 to 1; null for any.</summary>
    public double? MinimumContrast { get; init; }

    /// <summary>The lowest sharpness; null for any.</summary>
    public double? MinimumSharpness { get; init; }

    /// <summary>Whether a judge is needed to check it.</summary>
    public bool NeedsJudge => !ForbiddenWords.IsEmpty || !ForbiddenThings.IsEmpty || !LogoPictures.IsEmpty;

    /// <summary>SHA-256 of the policy's content, which is part of a request's hash.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Reads a policy.</summary>
    /// <param name="path">Full path of brand.json.</param>
    /// <param name="anchor">Finds an anchor by name; null when there are no anchors.</param>
    /// <param name="within">Full path of a folder whose own manifest names the policy. A policy in that folder must not
    /// name a logo outside it. Null when a person names the policy.</param>
    /// <exception cref="NbException">It is missing or wrong (Nb.Policy.*), or its logo is missing.</exception>
    public static BrandPolicy Load(string path, Func<string, Anchor>? anchor = null, string? within = null) =>
        Directory.Exists(path) ? throw PolicyErrors.Invalid(path, "it is a folder.")
            : PolicyReader.Read(path, anchor, within);
}
