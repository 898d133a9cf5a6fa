using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>A content of a step, or a piece of one as a stream sends it.</summary>
internal sealed class InteractionContent
{
    public string? Type { get; private set; }

    public string? Text { get; private set; }

    public string? MimeType { get; private set; }

    public string? Uri { get; private set; }

    public Blob? Data { get; private set; }

    /// <summary>The index of the step that a piece belongs to.</summary>
    public Blob? Signature { get; private set; }

    /// <summary>What a piece of a thought's summary holds.</summary>
    public InteractionContent? Content { get; private set; }

    /// <summary>Every other field.</summary>
    public List<KeyValuePair<string, JsonElement>> Unknown { get; } = [];

    /// <summary>Whether it has bytes or an address.</summary>
    public bool IsMedia => Type is "image" or "video" or "audio" or "document";

    /// <summary>Reads the object whose opening brace was read last; bytes go straight into a blob.</summary>
    public static async Task<InteractionContent> ReadAsync(
        JsonStreamReader json, PartReader parts, CancellationToken cancellationToken)
    {
        var content = new InteractionContent();
        while (await json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            string name = json.GetString();
            byte first = await json.PeekAsync(cancellationToken).ConfigureAwait(false);
            switch (JsonNamingPolicy.SnakeCaseLower.ConvertName(name))
            {
                case "type" when first == '"':
                    content.Type = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "text" when first == '"':
                    content.Text = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "mime_type" when first == '"':
                    content.MimeType = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "uri" when first == '"':
                    content.Uri = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "data" when first == '"' && (content.IsMedia || content.Type is null):
                    content.Data = await parts.ReadDataAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "signature" when first == '"':
                    content.Signature = await parts.ReadSignatureAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "content" when first == '{':
                    await json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    content.Content = await ReadAsync(json, parts, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    content.Unknown.Add(new(name, await json.CaptureAsync(cancellationToken).ConfigureAwait(false)));
                    break;
            }
        }
        return content;
    }

    /// <summary>Makes a part of a turn, from which the same content can be written again.</summary>
    public Part ToPart(bool isThought)
    {
        var unknown = new List<KeyValuePair<string, JsonElement>>();
        Part part;
        if (IsMedia && Data is { Length: > 0 }) part = new ImagePart(Data, MimeType ?? "");
        else if (IsMedia && Uri is not null) part = new FilePart(Uri, MimeType ?? "");
        else if (Type is null or "text" && Text is not null) part = new TextPart(Text);
        else part = new OtherPart();
        bool isPlain = part is not OtherPart && InteractionWriter.TypeOf(part) == Type;
        if (Type is not null && !isPlain) unknown.Add(Field("type", Type));
        if (part is not TextPart && Text is not null) unknown.Add(Field("text", Text));
        if (part is OtherPart or TextPart && MimeType is not null) unknown.Add(Field("mime_type", MimeType));
        if (part is not FilePart && Uri is not null) unknown.Add(Field("uri", Uri));
        if (part is not ImagePart && Data is not null) unknown.Add(Field("data", Base64(Data)));
        if (Signature is not null) unknown.Add(Field("signature", Base64(Signature)));
        unknown.AddRange(Unknown);
        return part with { Thought = isThought, Unknown = UnknownFields.From(unknown) };
    }

    private static KeyValuePair<string, JsonElement> Field(string name, string value) =>
        new(name, JsonElements.Of(value));

    private static string Base64(Blob blob) => Convert.ToBase64String(blob.ToArray());
}
