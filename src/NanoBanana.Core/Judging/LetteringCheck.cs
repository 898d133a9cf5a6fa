using System.Globalization;

namespace NanoBanana.Judging;

/// <summary>Lettering that was asked for, with what was read from the picture.</summary>
/// <param name="Ordered">The lettering asked for.</param>
/// <param name="Read">The most similar lettering read; empty when nothing is similar.</param>
/// <param name="WrongLetters">Letters that are missing, added or different; case, width and surrounding spaces are
/// ignored.</param>
public sealed record LetteringCheck(string Ordered, string Read, int WrongLetters)
{
    /// <summary>Share of the letters that are right, 0 to 1.</summary>
    public double Score =>
        Math.Max(0, 1 - (double)WrongLetters / Math.Max(1, new StringInfo(Ordered).LengthInTextElements));

    // The quotation marks differ from those in prompts: the next prompt repeats these words, and they must not be
    // drawn.
    /// <inheritdoc/>
    public override string ToString() => WrongLetters == 0 ? $"\"{Ordered}\" is right."
        : Read.Length == 0 ? $"\"{Ordered}\" is not in the picture."
        : $"\"{Ordered}\" reads \u2018{Read}\u2019: {WrongLetters} letter{(WrongLetters == 1 ? "" : "s")} wrong.";
}
