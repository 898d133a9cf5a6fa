namespace NanoBanana.Generation;

/// <summary>The beginnings and names of periods.</summary>
internal static class SpendingPeriods
{
    /// <summary>The first day of the period that contains a moment, UTC; null for a session.</summary>
    public static DateOnly? Start(this SpendingPeriod period, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return period switch
        {
            SpendingPeriod.Day => today,
            SpendingPeriod.Week => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
            SpendingPeriod.Month => new DateOnly(today.Year, today.Month, 1),
            _ => null,
        };
    }

    /// <summary>Such as "this month".</summary>
    public static string Words(this SpendingPeriod period) => $"this {period.ToString().ToLowerInvariant()}";
}
