using System.Globalization;

namespace NanoBanana.Batches.Ledgers;

/// <summary>One of several processes or machines that share a manifest: number <paramref name="Number"/> of
/// <paramref name="Count"/>.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">At least <paramref name="Number"/>.</param>
public sealed record Shard(int Number, int Count)
{
    /// <summary>The environment variable of an indexed Kubernetes job with this machine's index, from 0.</summary>
    public const string IndexVariable = "JOB_COMPLETION_INDEX";

    /// <summary>The environment variable with the number of machines.</summary>
    public const string CountVariable = "NB_SHARD_COUNT";

    /// <summary>Reads "2/8", or "auto" to use the environment.</summary>
    /// <exception cref="FormatException">It is not two whole numbers of which the first is from 1 to the second, or the
    /// environment does not name them.</exception>
    public static Shard Parse(string text)
    {
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return OfEnvironment();
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

    private static Shard OfEnvironment()
    {
        string? index = Environment.GetEnvironmentVariable(IndexVariable);
        string? count = Environment.GetEnvironmentVariable(CountVariable);
        if (int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int all)
            && number < all)
        {
            return new Shard(number + 1, all);
        }
        throw new FormatException($"The shard 'auto' needs {IndexVariable} (from 0) below {CountVariable}; "
            + $"they are '{index}' and '{count}'.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    internal string Suffix => string.Create(CultureInfo.InvariantCulture, $"{Number}-of-{Count}");
}
