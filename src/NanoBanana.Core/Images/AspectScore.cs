namespace NanoBanana.Images;

/// <summary>How well a picture matches one aspect of what it should be.</summary>
/// <param name="Name">face, clothing, colors, style, text, logo or prompt; an open vocabulary.</param>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Reason">In words; empty when nothing was said.</param>
public sealed record AspectScore(string Name, double Score, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name} {Score:0.##}");
}
