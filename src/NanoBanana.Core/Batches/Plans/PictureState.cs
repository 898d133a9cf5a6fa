namespace NanoBanana.Batches.Plans;

/// <summary>What became of a picture since it was saved.</summary>
internal enum PictureState
{
    /// <summary>It is missing.</summary>
    Gone,

    /// <summary>It is there and not whole: empty, cut off, no picture any more, unreadable, or behind a link that leads
    /// out of the folder.</summary>
    Damaged,

    /// <summary>It is as it was, and its sidecar lies beside it.</summary>
    Intact,

    /// <summary>It is as it was, without its sidecar.</summary>
    WithoutSidecar,

    /// <summary>Somebody has worked on it.</summary>
    Retouched,
}
