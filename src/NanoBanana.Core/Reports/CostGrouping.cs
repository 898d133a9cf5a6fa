namespace NanoBanana.Reports;

/// <summary>What the lines of a cost report are grouped by; everything else is summed up.</summary>
[Flags]
public enum CostGrouping
{
    /// <summary>One line for everything.</summary>
    None = 0,

    /// <summary>A line for each day, UTC.</summary>
    Day = 1,

    /// <summary>A line for each folder.</summary>
    Folder = 2,

    /// <summary>A line for each model.</summary>
    Model = 4,

    /// <summary>A line for each mode.</summary>
    Mode = 8,
}
