using System.Globalization;

namespace NanoBanana.Models;

/// <summary>A model's end.</summary>
public sealed record ModelRetirement
{
    /// <summary>The day the end was announced.</summary>
    public DateOnly? Announced { get; init; }

    /// <summary>The day it is switched off.</summary>
    public DateOnly? Shutdown { get; init; }

    /// <summary>Whether Google has announced it; otherwise it is only a reason for a warning.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Id of the model that replaces it.</summary>
    public string? Replacement { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Shutdown is { } day) yield return string.Create(CultureInfo.InvariantCulture, $"off on {day:yyyy-MM-dd}");
        if (!Confirmed) yield return "not confirmed by Google";
        if (Replacement is not null) yield return $"replaced by {Replacement}";
    }
}
