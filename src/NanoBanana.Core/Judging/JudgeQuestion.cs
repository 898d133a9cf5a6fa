using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Judging;

/// <summary>What a judge is asked about one picture.</summary>
public sealed record JudgeQuestion
{
    /// <summary>The picture to judge.</summary>
    public required NbImage Image { get; init; }

    /// <summary>The references it should match.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The prompt it was made with; null when it is not checked.</summary>
    public string? Prompt { get; init; }

    /// <summary>Things that must not be in it.</summary>
    public ImmutableArray<string> Forbidden { get; init; } = [];

    /// <summary>The logo that must be in it; empty for none.</summary>
    public ImmutableArray<Reference> Logo { get; init; } = [];

    internal bool Has(string when) => when switch
    {
        "references" => !References.IsEmpty,
        "prompt" => Prompt is not null,
        "logo" => !Logo.IsEmpty,
        _ => true,
    };
}
