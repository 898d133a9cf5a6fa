using System.Globalization;
using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Batches.Plans;

/// <summary>How old a picture may be, as people write it.</summary>
public static class Age
{
    /// <summary>Reads 30m, 12h, 7d or 2w, or a time such as 7.00:00:00.</summary>
    /// <exception cref="NbException">It is not an age (Nb.Batch.AgeInvalid).</exception>
    public static TimeSpan Parse(string text)
    {
        string typed = text.Trim();
        if (typed.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(typed, CultureInfo.InvariantCulture, out TimeSpan time) && time > TimeSpan.Zero)
        {
            return time;
        }
        double hours = typed.Length == 0 ? 0 : char.ToLowerInvariant(typed[^1]) switch
        {
            'm' => 1.0 / 60,
            'h' => 1,
            'd' => 24,
            'w' => 7 * 24,
            _ => 0,
        };
        return hours > 0 && double.TryParse(typed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out double count) && count > 0 && count * hours < 24 * 36_500 ? TimeSpan.FromHours(count * hours)
            : throw BatchErrors.AgeInvalid(text);
    }
}
