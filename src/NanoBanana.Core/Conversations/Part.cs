using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>One part of a turn: text, an image, a reference to a file, or something this version does not
/// know.</summary>
public abstract record Part
{
    /// <summary>True for the model's thinking; such a part is never the result.</summary>
    public bool Thought { get; init; }

    /// <summary>image, video, audio or document, by the declared type; null for any other part.</summary>
    public string? Kind => this switch
    {
        ImagePart image => KindOf(image.MimeType, PictureFormat.Image),
        // The address of a video page is sent without a type; such a page can only be a video.
        FilePart file => KindOf(file.MimeType,
            MediaAddress.IsVideoPage(file.Uri) ? PictureFormat.Video : PictureFormat.Image),
        _ => null,
    };

    /// <summary>The thought signature that the model put on the part, returned to it byte for byte.</summary>
    public Blob? Signature { get; init; }

    /// <summary>Fields of the part that this version does not know, sent back as they came.</summary>
    public UnknownFields Unknown { get; init; } = UnknownFields.None;

    private static string KindOf(string mimeType, string untyped) => mimeType.Split('/')[0] switch
    {
        "video" => PictureFormat.Video,
        "audio" => "audio",
        "application" or "text" => PictureFormat.Document,
        "" => untyped,
        _ => PictureFormat.Image,
    };
}
