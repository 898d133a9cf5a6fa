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

    /// <inheritdoc/>
    public override string ToString() =>
        Always ? "always" : string.Join(", ", Levels.Select(level => level == Default ? $"{level} (default)" : level));
}
