namespace NanoBanana.Models;

/// <summary>How a model's thinking is steered.</summary>
public sealed record ModelThinking
{
    /// <summary>Levels it takes; empty when there is nothing to choose.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>The level used when none is asked for.</summary>
    public string? Default { get; init; }

    /// <summary>It always thinks and takes no level.</summary>
    public bool Always { get; init; }

    /// <summary>Tokens of thoughts and words that usually come with an image, by level; null where nobody measured
    /// them.</summary>
    public IReadOnlyDictionary<string, int>? Tokens { get; init; }

    /// <summary>Tokens of thoughts and words to expect with an image.</summary>
    /// <param name="level">The level asked for; null for the default.</param>
    public int TokensAt(string? level) => Tokens?.FirstOrDefault(one =>
        string.Equals(one.Key, level ?? Default, StringComparison.OrdinalIgnoreCase)).Value ?? 0;

    /// <inheritdoc/>
    public override string ToString() =>
        Always ? "always" : string.Join(", ", Levels.Select(level => level == Default ? $"{level} (default)" : level));
}
