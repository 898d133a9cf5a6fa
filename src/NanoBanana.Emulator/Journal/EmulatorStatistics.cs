namespace NanoBanana.Emulator.Journal;

/// <summary>What the emulator counted since it started.</summary>
public sealed record EmulatorStatistics
{
    /// <summary>Requests received, also the ones that met a fault.</summary>
    public int Requests { get; init; }

    /// <summary> Billed generations: the answer was produced, whether or not it reached the client. A blocked prompt,
    /// an error and a connection broken before the work was done are not billed. </summary>
    public int BilledGenerations { get; init; }

    /// <summary>Billed generations whose answer was not sent completely.</summary>
    public int BilledUndelivered { get; init; }

    /// <summary>Of the billed generations, those at the half price of a batch.</summary>
    public int BatchGenerations { get; init; }

    /// <summary>Billed pictures, without thoughts.</summary>
    public int BilledImages { get; init; }

    /// <summary>Billed searches. They have a separate price, which <see cref="BilledUsd"/> does not include.</summary>
    public int BilledSearches { get; init; }

    /// <summary>The bill in US dollars by the catalog's prices.</summary>
    public decimal BilledUsd { get; init; }

    /// <summary>Answers with an error status.</summary>
    public int Errors { get; init; }

    /// <summary>How often each fault of the script occurred.</summary>
    public IReadOnlyDictionary<string, int> Faults { get; init; } = new Dictionary<string, int>();
}
