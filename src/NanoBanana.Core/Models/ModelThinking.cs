using System.Text.Json.Serialization;

namespace NanoBanana.Models;

/// <summary>How a model's thinking is controlled.</summary>
public sealed record ModelThinking
{
    /// <summary>Levels it accepts; empty when there is no choice.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>The level used when none is asked for.</summary>
    public string? Default { get; init; }

    /// <summary>Whether it always thinks and accepts no level.</summary>
    public bool Always { get; init; }

    /// <summary>Tokens of thoughts and words that usually come with an image, by level; null when not
    /// measured.</summary>
    public IReadOnlyDictionary<string, int>? Tokens { get; init; }

    /// <summary>Tokens measured from answers, which take precedence over the data.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, int>? Learned { get; internal init; }

    /// <summary>Tokens of thoughts and words to expect with an image.</summary>
    /// <param name="level">The level asked for; null for the default.</param>
    public int TokensAt(string? level) => At(Learned, level) ?? At(Tokens, level) ?? 0;

    /// <summary>The name of a level in records, also when none was asked for.</summary>
    /// <param name="level">The level asked for; null for the default.</param>
    internal string NameOf(string? level) => (level ?? Default ?? "").ToLowerInvariant();

    private int? At(IReadOnlyDictionary<string, int>? tokens, string? level) =>
        tokens?.FirstOrDefault(one => one.Key.Equals(NameOf(level), StringComparison.OrdinalIgnoreCase))
            is { Key: not null } found ? found.Value : null;

    /// <inheritdoc/>
    public override string ToString() =>
        Always ? "always" : string.Join(", ", Levels.Select(level => level == Default ? $"{level} (default)" : level));
}
