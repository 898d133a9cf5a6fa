using System.Globalization;

namespace NanoBanana.Batches.Ledgers;

/// <summary>One of several processes or machines that share a manifest: number <paramref name="Number"/> of
/// <paramref name="Count"/>.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">At least <paramref name="Number"/>.</param>
public sealed record Shard(int Number, int Count)
{
    /// <summary>Reads "2/8".</summary>
    /// <exception cref="FormatException">It is not two whole numbers of which the first is from 1 to the
    /// second.</exception>
    public static Shard Parse(string text)
    {
        string[] sides = text.Split('/');
        if (sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && number >= 1 && number <= count)
        {
            return new Shard(number, count);
        }
        throw new FormatException($"'{text}' is not a shard such as 2/8.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    internal string Suffix => string.Create(CultureInfo.InvariantCulture, $"{Number}-of-{Count}");
}
