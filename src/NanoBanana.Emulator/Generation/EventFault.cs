namespace NanoBanana.Emulator.Generation;

/// <summary>What can be wrong with the events of an interaction's stream.</summary>
[Flags]
internal enum EventFault
{
    None = 0,

    /// <summary>The connection breaks after the event that tells the id.</summary>
    CutAfterCreated = 1,

    /// <summary>The connection breaks in the middle of the picture.</summary>
    CutInPicture = 2,

    /// <summary>Steps are mixed, and the status is told before the interaction.</summary>
    OddOrder = 4,

    /// <summary>Events, deltas, steps and a status that no client knows.</summary>
    Unknown = 8,

    /// <summary>The work fails while running: an error replaces the answer.</summary>
    Error = 16,
}
