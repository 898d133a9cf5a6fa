using System.Globalization;

namespace NanoBanana.Judging;

/// <summary>Words that were ordered, beside those that were read back from the picture.</summary>
/// <param name="Ordered">What should stand there.</param>
/// <param name="Read">The nearest that does; empty when nothing is near.</param>
/// <param name="WrongLetters">Letters that are missing, too many or others; case, width and spaces around do not
/// count, all else does.</param>
public sealed record LetteringCheck(string Ordered, string Read, int WrongLetters)
{
    /// <summary>Share of the letters that are right, 0 to 1.</summary>
    public double Score =>
        Math.Max(0, 1 - (double)WrongLetters / Math.Max(1, new StringInfo(Ordered).LengthInTextElements));

    // In other quotation marks than the order: the next try's prompt repeats the words, and they must not be drawn.
    /// <inheritdoc/>
    public override string ToString() => WrongLetters == 0 ? $"\"{Ordered}\" is right."
        : Read.Length == 0 ? $"\"{Ordered}\" is not in the picture."
        : $"\"{Ordered}\" reads \u2018{Read}\u2019: {WrongLetters} letter{(WrongLetters == 1 ? "" : "s")} wrong.";
}
