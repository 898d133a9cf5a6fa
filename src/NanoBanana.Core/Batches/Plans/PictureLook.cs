namespace NanoBanana.Batches.Plans;

/// <summary>The state of a picture on disk, with the ledger's line it was compared with.</summary>
internal sealed record PictureLook(
    string Path, long Length, DateTime Modified, PictureState Whole, string? SavedSha256, long? SavedLength);
