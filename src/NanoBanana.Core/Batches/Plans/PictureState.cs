namespace NanoBanana.Batches.Plans;

/// <summary>The state of a picture's file compared with the time it was saved.</summary>
internal enum PictureState
{
    /// <summary>It is missing.</summary>
    Gone,

    /// <summary>It is damaged: empty, truncated, not a picture, unreadable, or behind a link that leads out of the
    /// folder.</summary>
    Damaged,

    /// <summary>It is unchanged, with its sidecar.</summary>
    Intact,

    /// <summary>It is unchanged, without its sidecar.</summary>
    WithoutSidecar,

    /// <summary>A person or program has edited it.</summary>
    Retouched,
}
