using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>A file that was uploaded before (<c>fileData</c>).</summary>
/// <param name="Uri">The file's address at the service.</param>
/// <param name="MimeType">Its declared type, empty when the service named none.</param>
public sealed record FilePart(string Uri, string MimeType) : Part
{
    /// <summary>Fields inside <c>fileData</c> that this version does not know.</summary>
    public UnknownFields UnknownData { get; init; } = UnknownFields.None;

    /// <summary>The bytes the file was uploaded from, if known: they can be uploaded again after the file has
    /// expired.</summary>
    public Blob? Source { get; init; }
}
