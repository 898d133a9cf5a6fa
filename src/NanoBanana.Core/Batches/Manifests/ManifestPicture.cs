namespace NanoBanana.Batches.Manifests;

/// <summary>A picture as a manifest names it.</summary>
/// <param name="Path">Relative to the manifest, or full.</param>
/// <param name="Sha256">What it hashed to when the batch was started; null in a manifest that people write.
/// With it, a batch goes on where the file is no longer at hand: the destination keeps a copy.</param>
public sealed record ManifestPicture(string Path, string? Sha256 = null)
{
    /// <summary>The type of what lies at an address; null to go by the address.</summary>
    public string? MimeType { get; init; }
}
