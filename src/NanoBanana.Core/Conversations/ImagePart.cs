using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>Bytes inside the message (<c>inlineData</c>).</summary>
/// <param name="Data">The bytes.</param>
/// <param name="MimeType">The declared type. It may be wrong: trust the magic bytes.</param>
public sealed record ImagePart(Blob Data, string MimeType) : Part
{
    /// <summary>Fields inside <c>inlineData</c> that this version does not know.</summary>
    public UnknownFields UnknownData { get; init; } = UnknownFields.None;
}
