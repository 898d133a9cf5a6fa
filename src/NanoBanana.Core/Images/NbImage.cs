using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>An image and everything it remembers: it is the tip of the conversation that made it.</summary>
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

    /// <summary>What it came from: that of its turn, or of the image it was made from without the model. Null for a
    /// foreign image.</summary>
    public Provenance? Provenance
    {
        get => field ?? Answer?.Provenance;
        init;
    }

    /// <summary>What was asked for, in the user's words; null for a foreign image.</summary>
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

    /// <summary>The model's text for this image: all of it when the answer has one image, else what stands before this
    /// one; empty when there is none. What a terminal would obey is left out; the conversation keeps it.</summary>
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

    /// <summary>Drafts the model drew while it thought, ready to be saved; empty when they were not asked
    /// for.</summary>
    public ImmutableArray<NbImage> ThoughtImages => ImageHistory.ThoughtImagesOf(this);

    /// <summary>Names of the anchors it was made with.</summary>
    public ImmutableArray<string> Anchors
    {
        get => field.IsDefault ? AnchorsOf(References) : field;
        init;
    }

    /// <summary>Pictures that were sent with the prompt: they are needed again when the conversation is left
    /// behind.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The ratio that was asked for; null when none was.</summary>
    public string? AspectRatio => Provenance?.AspectRatio;

    /// <summary>The size that was asked for; null when none was.</summary>
    public string? Size => Provenance?.Size;

    /// <summary>Tokens of the call that made it; null when unknown. Several images of one answer share one
    /// call.</summary>
    public TokenCount? Usage => Provenance?.Usage;

    /// <summary>USD of its share of the call; null when the price is unknown.</summary>
    public decimal? Cost => Provenance?.Share;

    /// <summary>What the model found when it searched; null when it did not.</summary>
    public Grounding? Grounding => Provenance?.Grounding is { } raw ? Images.Grounding.From(raw) : null;

    /// <summary>Why the model stopped, in its own words.</summary>
    public string? FinishReason =>
        Provenance?.FinishReason is { } reason ? SafeText.Plain(reason) : null;

    /// <summary>The service's id of the answer.</summary>
    public string? ResponseId => Provenance?.ResponseId;

    /// <summary>Things to know that did not stop it.</summary>
    public ImmutableArray<string> Warnings
    {
        get;
        init => field = value.IsDefaultOrEmpty ? [] : [.. value.Select(SafeText.Plain)];
    } = [];

    /// <summary>When the answer arrived.</summary>
    public DateTimeOffset? CreatedAt => Provenance?.CreatedAt;

    /// <summary>Hash of everything that went into it: the same hash need not be made again. Null for a foreign
    /// image.</summary>
    public string? RequestHash => Provenance?.RequestHash;

    /// <summary>The conversation up to and including this image; null for a foreign image.</summary>
    public Conversation? Conversation { get; init; }

    /// <summary>The image this one was made from by an edit, itself the tip of a conversation; null when it was not, or
    /// when that picture is not at hand.</summary>
    public NbImage? Parent
    {
        get => _parent ?? ImageHistory.ParentOf(this);
        init => _parent = value;
    }

    /// <summary>SHA-256 of the image this one was made from, known even when that is not at hand; null when it was made
    /// from none.</summary>
    public string? ParentSha256
    {
        get => _parent?.Sha256 ?? field;
        init;
    }

    /// <summary>How it came out of other pictures without the model; null when the bytes are the model's own (or a
    /// foreign picture's).</summary>
    public Derivation? Derivation { get; init; }

    /// <summary>What was found when it was checked as it was made; null when it was not.</summary>
    public ImageVerdict? Verdict { get; init; }

    // Not shown as a property: what lists an image in full would list its input too, and the input of that.
    private object? Input { get; init; }

    /// <summary>The turn that ended with it; null for a foreign image.</summary>
    internal Turn? Answer => Conversation is { Turns: [.., var last] } ? last : null;

    /// <summary>The hash its sidecar names, without reading the bytes; null for a picture without a sidecar.</summary>
    internal string? RecordedSha256 { get; init; }

    /// <summary>Makes a foreign image of bytes that are no answer of the service.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="path">Where they lie; null when nowhere.</param>
    /// <exception cref="NbException">They are empty or no image.</exception>
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

    /// <summary>What it was asked for with, as it was given: a prompt, a row, a picture. Not saved; null for an image
    /// that was read from a file.</summary>
    public object? GetInputObject() => Input;

    /// <summary>The image with what it was asked for with.</summary>
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
    /// <exception cref="NbException">Its format is none the service takes as input.</exception>
    public Picture ToPicture() =>
        Picture.FromBlob(Data, Path is null ? Data.ToString() : System.IO.Path.GetFileName(Path), Path);

    /// <summary>The path, or a short hash while it is not saved.</summary>
    public override string ToString() => Path ?? Data.ToString();
}
