
namespace NanoBanana.Models;

/// <summary>How many reference images one request may carry; null for no known limit.</summary>
public sealed record ReferenceLimits
{
    /// <summary>All together.</summary>
    public int? Total { get; init; }

    /// <summary>Images of objects.</summary>
    public int? Object { get; init; }

    /// <summary>Images of characters.</summary>
    public int? Character { get; init; }

    /// <summary>Images of styles.</summary>
    public int? Style { get; init; }

    /// <summary>The recommended maximum; more are accepted.</summary>
    public int? Advised { get; init; }

    /// <summary>Pictures of one role; null where the model sets no limit for it.</summary>
    internal int? OfRole(ReferenceRole role) => role switch
    {
        ReferenceRole.Character => Character,
        ReferenceRole.Object => Object,
        ReferenceRole.Style => Style,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Total is { } total) yield return $"{total} in all";
        if (Object is { } objects) yield return $"{objects} of objects";
        if (Character is { } characters) yield return $"{characters} of characters";
        if (Style is { } styles) yield return $"{styles} of styles";
        if (Advised is { } advised) yield return $"{advised} advised";
    }
}
