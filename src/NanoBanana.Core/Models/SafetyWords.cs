namespace NanoBanana.Models;

/// <summary>The words that safety settings are made of.</summary>
public sealed record SafetyWords
{
    /// <summary>Thresholds, strictest last.</summary>
    public required IReadOnlyList<string> Thresholds { get; init; }

    /// <summary>The categories that a threshold alone is meant for, without their prefix HARM_CATEGORY_.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>Categories that are set only by name.</summary>
    public required IReadOnlyList<string> OtherCategories { get; init; }
}
