using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Json;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>A step of an answer while it is received, complete or in pieces.</summary>
internal sealed class InteractionStep
{
    private readonly List<Part> _parts = [];
    private readonly List<KeyValuePair<string, JsonElement>> _unknown = [];
    private Blob? _signature;
    private string? _type;

    public ImmutableArray<Part> Parts => [.. _parts];

    /// <summary>The step's error; null for none.</summary>
    public JsonElement? Error => Find("error");

    public Step ToStep() => new(_type ?? Step.ModelOutput, _parts.Count)
    {
        Signature = _signature,
        Unknown = UnknownFields.From(_unknown),
    };

    /// <summary>Reads a field that is not content.</summary>
    public JsonElement? Find(string name)
    {
        foreach ((string key, JsonElement value) in _unknown)
        {
            if (key == name) return value;
        }
        return null;
    }

    /// <summary>Reads the object whose opening brace was read last.</summary>
    public async Task ReadAsync(JsonStreamReader json, PartReader reader, CancellationToken cancellationToken)
    {
        while (await json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            string name = json.GetString();
            byte first = await json.PeekAsync(cancellationToken).ConfigureAwait(false);
            switch (JsonNamingPolicy.SnakeCaseLower.ConvertName(name))
            {
                case "type" when first == '"':
                    _type = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "signature" when first == '"':
                    _signature = await reader.ReadSignatureAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "content" or "summary" when first == '[':
                    await ReadContentsAsync(json, reader, name == "summary", cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    Set(name, await json.CaptureAsync(cancellationToken).ConfigureAwait(false));
                    break;
            }
        }
    }

    /// <summary>Adds a piece.</summary>
    /// <returns>Whether it is of a kind that is known.</returns>
    public bool Add(InteractionContent piece, BlobSink sink)
    {
        switch (piece.Type)
        {
            case "text" when piece.Text is { } text:
                _type ??= Step.ModelOutput;
                if (_parts is not [.., TextPart { Thought: false } last]) _parts.Add(piece.ToPart(isThought: false));
                else _parts[^1] = last with { Text = last.Text + text };
                return true;
            case "thought_summary" when piece.Content is { } content:
                _type ??= Step.Thought;
                _parts.Add(content.ToPart(isThought: true));
                return true;
            case "thought_signature":
                _type ??= Step.Thought;
                _signature = piece.Signature ?? _signature;
                return true;
            case "text_annotation_delta" or "text_annotation":
                Annotate(piece);
                return true;
        }
        if (piece.IsMedia)
        {
            _type ??= Step.ModelOutput;
            if (!GoesOn(piece, sink)) _parts.Add(piece.ToPart(isThought: false));
            return true;
        }
        if (piece.Type is null || (_type is not null && piece.Type != _type)) return false;
        _type = piece.Type;
        _signature = piece.Signature ?? _signature;
        foreach ((string name, JsonElement value) in piece.Unknown) Set(name, value);
        return true;
    }

    /// <summary>Removes the last picture if pieces of it are missing.</summary>
    /// <returns>The incomplete picture; null when none is missing.</returns>
    public Blob? TakeHalf()
    {
        if (_parts is not [.., ImagePart { Thought: false } last]
            || PictureEnd.IsReached(last.Data, isShortened: true)) return null;
        _parts.RemoveAt(_parts.Count - 1);
        return last.Data;
    }

    // A long picture may come in pieces: only the first one begins like a picture.
    private bool GoesOn(InteractionContent piece, BlobSink sink)
    {
        if (piece.Data is not { Length: > 0 } data || _parts is not [.., ImagePart { Thought: false } last]
            || (piece.MimeType is not null && piece.MimeType != last.MimeType)
            || PictureFormat.Detect(data.ReadHead(PictureFormat.HeadLength)) is not null
            || PictureFormat.Detect(last.Data.ReadHead(PictureFormat.HeadLength)) is null) return false;
        using BlobWriter writer = sink.Create();
        foreach (Blob half in new[] { last.Data, data })
        {
            using Stream source = half.OpenRead();
            int read;
            while ((read = source.Read(writer.GetSpan(1))) > 0) writer.Advance(read);
        }
        _parts[^1] = last with { Data = writer.Complete() };
        return true;
    }

    private async Task ReadContentsAsync(
        JsonStreamReader json, PartReader reader, bool isThought, CancellationToken cancellationToken)
    {
        await json.ReadAsync(cancellationToken).ConfigureAwait(false);
        while (await json.NextObjectAsync(cancellationToken).ConfigureAwait(false))
        {
            reader.IsThought = isThought;
            InteractionContent content = await InteractionContent.ReadAsync(json, reader, cancellationToken)
                .ConfigureAwait(false);
            _parts.Add(content.ToPart(isThought));
            reader.Finish();
        }
    }

    private void Annotate(InteractionContent piece)
    {
        int at = _parts.FindLastIndex(part => part is TextPart);
        if (at < 0) return;
        IEnumerable<JsonElement> more = piece.Unknown.Where(field => field.Key == "annotations"
            && field.Value.ValueKind == JsonValueKind.Array).SelectMany(field => field.Value.EnumerateArray());
        JsonElement[] all = [.. _parts[at].Unknown.Find("annotations")?.EnumerateArray() ?? [], .. more];
        _parts[at] = _parts[at] with
        {
            Unknown = UnknownFields.From([new("annotations", JsonElements.Of(all))]),
        };
    }

    private void Set(string name, JsonElement value)
    {
        int at = _unknown.FindIndex(field => field.Key == name);
        if (at < 0) _unknown.Add(new(name, value));
        else _unknown[at] = new(name, value);
    }
}
