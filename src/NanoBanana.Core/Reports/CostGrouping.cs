namespace NanoBanana.Reports;

/// <summary>What a line of a usage report stands for; what is not named is summed up.</summary>
[Flags]
public enum CostGrouping
{
    /// <summary>One line in all.</summary>
    None = 0,

    /// <summary>A line for each day, UTC.</summary>
    Day = 1,

    /// <summary>A line for each folder.</summary>
    Folder = 2,

    /// <summary>A line for each model.</summary>
    Model = 4,

    /// <summary>A line for each way of sending.</summary>
    Mode = 8,
}
