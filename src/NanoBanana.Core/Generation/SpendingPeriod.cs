namespace NanoBanana.Generation;

/// <summary>How long an allowance lasts. Days begin at midnight UTC, as in reports of usage.</summary>
public enum SpendingPeriod
{
    /// <summary>As long as the connection.</summary>
    Session,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A week, from Monday.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}
