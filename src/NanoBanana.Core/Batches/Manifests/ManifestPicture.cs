namespace NanoBanana.Batches.Manifests;

/// <summary>A picture as a manifest names it.</summary>
/// <param name="Path">Relative to the manifest, or full.</param>
/// <param name="Sha256">Hash of the picture when the batch started; null in a manifest that people write. With it, a
/// batch continues without the file: the destination keeps a copy.</param>
public sealed record ManifestPicture(string Path, string? Sha256 = null)
{
    /// <summary>Media type of the file at an address; null to derive it from the address.</summary>
    public string? MimeType { get; init; }
}
