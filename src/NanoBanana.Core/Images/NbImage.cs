using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>An image with its record and the conversation that it ends.</summary>
/// <remarks>The bytes are the model's, bit for bit. A foreign image (one without a sidecar) has no
/// conversation.</remarks>
public record NbImage
{
    private readonly NbImage? _parent;

    /// <summary>The bytes as the service sent them.</summary>
    public required Blob Data { get; init; }

    /// <summary>Format by magic bytes.</summary>
    public required PictureFormat Format { get; init; }

    /// <summary>Full path once it is saved; null before.</summary>
    public string? Path { get; init; }

    /// <summary>Its provenance: that of its turn, or of the image it was derived from without the model. Null for a
    /// foreign image.</summary>
    public Provenance? Provenance
    {
        get => field ?? Answer?.Provenance;
        init;
    }

    /// <summary>The user's prompt; null for a foreign image.</summary>
    public string? Prompt => Provenance?.Prompt;

    /// <summary>The prompt as it was sent, with the words on references; null for a foreign image.</summary>
    public string? ComposedPrompt
    {
        get => field ?? (Conversation is { Turns.Length: > 1 } talk ? talk.Turns[^2].Text : null);
        init;
    }

    /// <summary>Id of the model; null for a foreign image.</summary>
    public string? Model => Provenance?.Model ?? Conversation?.Model;

    /// <summary>Mime type by magic bytes.</summary>
    public string MimeType => Format.MimeType;

    /// <summary>Width in pixels; 0 when the header does not say.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels; 0 when the header does not say.</summary>
    public int Height { get; init; }

    /// <summary>Length in bytes.</summary>
    public long Length => Data.Length;

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public string Sha256 => Data.Sha256;

    /// <summary>The model's text for this image: all of it when the answer has one image, otherwise the text before
    /// this one; empty when there is none. Terminal control characters are removed here and kept in the
    /// conversation.</summary>
    public string Text
    {
        get => field ?? SafeText.Plain(ImageHistory.TextOf(this));
        init => field = value is null ? null : SafeText.Plain(value);
    }

    /// <summary>The model's thoughts in words; empty when none were asked for.</summary>
    public string Thoughts
    {
        get => field ?? Answer?.Thoughts ?? "";
        init => field = value is null ? null : SafeText.Plain(value);
    }

    /// <summary>Drafts that the model drew while it thought; empty when they were not asked for.</summary>
    public ImmutableArray<NbImage> ThoughtImages => ImageHistory.ThoughtImagesOf(this);

    /// <summary>Names of the anchors it was made with.</summary>
    public ImmutableArray<string> Anchors
    {
        get => field.IsDefault ? AnchorsOf(References) : field;
        init;
    }

    /// <summary>Pictures that were sent with the prompt; an edit in a new conversation sends them again.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The ratio that was asked for; null when none was.</summary>
    public string? AspectRatio => Provenance?.AspectRatio;

    /// <summary>The size that was asked for; null when none was.</summary>
    public string? Size => Provenance?.Size;

    /// <summary>Tokens of the call that made it; null when unknown. Several images of one answer share one
    /// call.</summary>
    public TokenCount? Usage => Provenance?.Usage;

    /// <summary>Its share of the call's cost in USD; null when the price is unknown.</summary>
    public decimal? Cost => Provenance?.Share;

    /// <summary>What the model found when it searched; null when it did not.</summary>
    public Grounding? Grounding => Provenance?.Grounding is { } raw ? Images.Grounding.From(raw) : null;

    /// <summary>Why the model stopped, in its own words.</summary>
    public string? FinishReason =>
        Provenance?.FinishReason is { } reason ? SafeText.Plain(reason) : null;

    /// <summary>The service's id of the answer.</summary>
    public string? ResponseId => Provenance?.ResponseId;

    /// <summary>Warnings.</summary>
    public ImmutableArray<string> Warnings
    {
        get;
        init => field = value.IsDefaultOrEmpty ? [] : [.. value.Select(SafeText.Plain)];
    } = [];

    /// <summary>When the answer arrived.</summary>
    public DateTimeOffset? CreatedAt => Provenance?.CreatedAt;

    /// <summary>Hash of everything that went into it: a request with the same hash need not be sent again. Null for a
    /// foreign image.</summary>
    public string? RequestHash => Provenance?.RequestHash;

    /// <summary>The conversation up to and including this image; null for a foreign image.</summary>
    public Conversation? Conversation { get; init; }

    /// <summary>The source image of an edit, with its own conversation; null for other images, or when that picture is
    /// missing.</summary>
    public NbImage? Parent
    {
        get => _parent ?? ImageHistory.ParentOf(this);
        init => _parent = value;
    }

    /// <summary>SHA-256 of the source image, known even if that is missing; null when there is none.</summary>
    public string? ParentSha256
    {
        get => _parent?.Sha256 ?? field;
        init;
    }

    /// <summary>How it was made from other pictures without the model; null when the bytes are the model's own (or a
    /// foreign picture's).</summary>
    public Derivation? Derivation { get; init; }

    /// <summary>The result of checking it when it was made; null when it was not checked.</summary>
    public ImageVerdict? Verdict { get; init; }

    // Not a property, because listing an image in full would then list its input too, and the input of that.
    private object? Input { get; init; }

    /// <summary>The turn that ended with it; null for a foreign image.</summary>
    internal Turn? Answer => Conversation is { Turns: [.., var last] } ? last : null;

    /// <summary>The hash its sidecar names, without reading the bytes; null for a picture without a sidecar.</summary>
    internal string? RecordedSha256 { get; init; }

    /// <summary>Makes a foreign image from bytes that are not an answer of the service.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="path">Full path of their file; null for none.</param>
    /// <exception cref="NbException">They are empty or not an image.</exception>
    public static NbImage Foreign(Blob data, string? path = null)
    {
        string name = path ?? "image";
        if (data.Length == 0) throw FileErrors.Empty(name);
        PictureInfo info = PictureInfo.Read(data) ?? throw PictureErrors.NotAnImage(name);
        return new NbImage
        {
            Data = data,
            Format = info.Format,
            Path = path,
            Width = info.Size?.Width ?? 0,
            Height = info.Size?.Height ?? 0,
        };
    }

    /// <summary>The object it was asked for with: a prompt, a row, or a picture. Not saved; null for an image read from
    /// a file.</summary>
    public object? GetInputObject() => Input;

    /// <summary>The image with the object it was asked for with.</summary>
    public NbImage WithInputObject(object? input) => this with { Input = input };

    internal static ImmutableArray<string> AnchorsOf(ImmutableArray<Reference> references) =>
        [.. references.Select(reference => reference.Name).OfType<string>().Distinct()];

    /// <summary>The bytes, in a new array.</summary>
    public byte[] GetBytes() => Data.ToArray();

    /// <summary>Opens the bytes. The caller disposes the stream.</summary>
    public Stream OpenRead() => Data.OpenRead();

    /// <summary>The image as a data URI, a third longer than its bytes.</summary>
    public string ToDataUri() => $"data:{MimeType};base64,{Convert.ToBase64String(GetBytes())}";

    /// <summary>The image as a reference picture.</summary>
    /// <exception cref="NbException">The service does not accept its format as input.</exception>
    public Picture ToPicture() =>
        Picture.FromBlob(Data, Path is null ? Data.ToString() : System.IO.Path.GetFileName(Path), Path);

    /// <summary>The path, or a short hash while it is not saved.</summary>
    public override string ToString() => Path ?? Data.ToString();
}
