namespace NanoBanana.Batches.Ledgers;

/// <summary>How the items of a batch are made.</summary>
public enum BatchMode
{
    /// <summary>One request for each, in parallel, from this machine, at once.</summary>
    Live,

    /// <summary>Jobs at the service: half price, within a day.</summary>
    Batch,
}
