using System.Buffers.Text;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Json;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Reads one part of a turn: payload, thought mark and signature in any order; other fields are kept
/// unchanged.</summary>
internal sealed class PartReader(JsonStreamReader json, BlobSink sink, List<string> warnings)
{
    // How many characters of base64 are needed to recognize a format.
    private const int HeadCharacters = 96;

    /// <summary>Called when a picture begins.</summary>
    public Action OnPicture { get; init; } = () => { };

    /// <summary>The picture whose part is incomplete; null for none.</summary>
    public UnfinishedPicture? Unfinished { get; private set; }

    /// <summary>Whether the current part is a thought, as far as is known.</summary>
    public bool IsThought { get; set; }

    /// <summary>Marks the last part as handled.</summary>
    public void Finish()
    {
        Unfinished = null;
        IsThought = false;
    }

    /// <summary>Reads the part whose opening brace was read last.</summary>
    public async Task<Part> ReadAsync(CancellationToken cancellationToken)
    {
        string? text = null;
        Part? payload = null;
        Blob? signature = null;
        var unknown = new List<KeyValuePair<string, JsonElement>>();
        while (await json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            string name = json.GetString();
            byte first = await json.PeekAsync(cancellationToken).ConfigureAwait(false);
            switch (AnswerReader.CamelCase(name))
            {
                case "text" when first == '"':
                    text = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "thought" when first is (byte)'t' or (byte)'f':
                    await json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    IsThought = json.Token == JsonTokenType.True;
                    break;
                case "thoughtSignature" when first == '"':
                    signature = await ReadSignatureAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "inlineData" or "fileData" when first == '{' && payload is null:
                    payload = await ReadPayloadAsync(name, unknown, cancellationToken).ConfigureAwait(false);
                    break;
                case "thought" or "thoughtSignature" or "text" or "inlineData" or "fileData" when first == 'n':
                    await json.SkipAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    unknown.Add(new(name, await json.CaptureAsync(cancellationToken).ConfigureAwait(false)));
                    break;
            }
        }
        bool thought = IsThought;
        if (payload is ImagePart image && !thought) payload = image with { Data = sink.Keep(image.Data) };
        if (payload is not null && text is not null) unknown.Add(new("text", JsonElements.Of(text)));
        payload ??= text is not null ? new TextPart(text) : new OtherPart();
        Finish();
        return payload with { Thought = thought, Signature = signature, Unknown = UnknownFields.From(unknown) };
    }

    /// <summary>Reads a signature; null, with a warning, when it is invalid.</summary>
    internal async Task<Blob?> ReadSignatureAsync(CancellationToken cancellationToken)
    {
        using BlobWriter writer = sink.Create();
        if (!await json.ReadBase64Async(writer, cancellationToken).ConfigureAwait(false))
        {
            warnings.Add("A thought signature of the answer is not valid base64 and was left out: "
                + "to edit this image, start a new conversation from the picture alone (rebase).");
            return null;
        }
        Blob signature = writer.Complete();
        return signature.Length == 0 ? null : signature;
    }

    /// <summary>Reads the object of <c>inlineData</c> or <c>fileData</c>; null, with the object kept as unknown, when
    /// it holds neither bytes nor address.</summary>
    private async Task<Part?> ReadPayloadAsync(
        string field, List<KeyValuePair<string, JsonElement>> unknown, CancellationToken cancellationToken)
    {
        bool isFile = AnswerReader.CamelCase(field) == "fileData";
        string? mimeType = null;
        string? uri = null;
        Blob? data = null;
        var inside = new List<KeyValuePair<string, JsonElement>>();
        await json.ReadAsync(cancellationToken).ConfigureAwait(false);
        while (await json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            string name = json.GetString();
            byte first = await json.PeekAsync(cancellationToken).ConfigureAwait(false);
            switch (AnswerReader.CamelCase(name))
            {
                case "data" when first == '"' && !isFile:
                    data = await ReadDataAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "fileUri" when first == '"' && isFile:
                    uri = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "mimeType" when first == '"':
                    mimeType = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    inside.Add(new(name, await json.CaptureAsync(cancellationToken).ConfigureAwait(false)));
                    break;
            }
        }
        if (uri is not null) return new FilePart(uri, mimeType ?? "") { UnknownData = UnknownFields.From(inside) };
        if (data is { Length: > 0 })
        {
            return new ImagePart(data, mimeType ?? "") { UnknownData = UnknownFields.From(inside) };
        }
        unknown.Add(Rebuilt(field, mimeType, inside));
        return null;
    }

    /// <summary>Reads the bytes of a part. One bad part must not lose the others: everything that can be decoded is
    /// kept, with a warning.</summary>
    internal async Task<Blob> ReadDataAsync(CancellationToken cancellationToken)
    {
        if (IsPicture((await json.PeekStringAsync(HeadCharacters, cancellationToken).ConfigureAwait(false)).Span))
        {
            OnPicture();
        }
        using BlobWriter writer = sink.Create();
        try
        {
            if (!await json.ReadBase64Async(writer, cancellationToken).ConfigureAwait(false))
            {
                warnings.Add("Data of the answer is not valid base64: a picture of it may be damaged.");
            }
        }
        catch (Exception e) when (CutAnswer.IsCut(e))
        {
            Blob beginning = writer.Complete();
            if (beginning.Length > 0) Unfinished = new UnfinishedPicture(beginning, HasEnded: false, IsThought);
            throw;
        }
        Blob data = writer.Complete();
        if (data.Length > 0) Unfinished = new UnfinishedPicture(data, HasEnded: true, IsThought);
        return data;
    }

    private static bool IsPicture(ReadOnlySpan<byte> base64)
    {
        if (base64.StartsWith("data:"u8)) base64 = base64[(base64.IndexOf((byte)',') + 1)..];
        Span<byte> head = stackalloc byte[HeadCharacters];
        Base64.DecodeFromUtf8(base64, head, out _, out int written, isFinalBlock: false);
        return PictureFormat.Detect(head[..written]) is not null;
    }

    private static KeyValuePair<string, JsonElement> Rebuilt(
        string field, string? mimeType, List<KeyValuePair<string, JsonElement>> inside)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            if (mimeType is not null) writer.WriteString("mimeType", mimeType);
            UnknownFields.From(inside).WriteTo(writer);
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), JsonStreamReader.Options);
        return new(field, JsonElement.ParseValue(ref reader));
    }
}
