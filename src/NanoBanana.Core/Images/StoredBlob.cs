using System.Collections.Immutable;

namespace NanoBanana.Images;

/// <summary>A file in the store beside saved images.</summary>
/// <param name="Folder">Full path of the folder the images lie in.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Sha256">Its hash in the store; empty for bytes that a process left behind before they had a
/// name.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="UsedBy">Names of the files in the folder that refer to it; empty for an orphan.</param>
public sealed record StoredBlob(string Folder, string Path, string Sha256, long Length, ImmutableArray<string> UsedBy)
{
    /// <summary>Whether no file in the folder refers to it.</summary>
    public bool IsOrphan => UsedBy.IsEmpty;

    /// <inheritdoc/>
    public override string ToString() => Path;
}
