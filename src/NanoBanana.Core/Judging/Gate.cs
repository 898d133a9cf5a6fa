namespace NanoBanana.Judging;

/// <summary>One requirement on a picture, and whether it is met.</summary>
/// <param name="Name">score, colors, logo, forbiddenWords, forbiddenThings, weight, width, ... or a safe area's
/// name.</param>
/// <param name="IsPassed">Whether it is met.</param>
/// <param name="Reason">What was found, in words.</param>
public sealed record Gate(string Name, bool IsPassed, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Reason}";
}
