namespace NanoBanana.Batches.Plans;

/// <summary>A picture as it lay on disk, beside what the ledger says of it.</summary>
internal sealed record PictureLook(
    string Path, long Length, DateTime Modified, PictureState Whole, string? SavedSha256, long? SavedLength);
