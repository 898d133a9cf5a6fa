using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Reads what generateContent answers, in one pass. Fields may be absent, unknown, or in any order.</summary>
internal sealed class AnswerReader
{
    private const int MaxTrailingBytes = 64 * 1024;
    private const int LeastBeginning = 16;

    private readonly JsonStreamReader _json;
    private readonly PartReader _parts;
    private readonly BlobSink _sink;
    private readonly List<string> _warnings = [];
    private readonly ImmutableArray<Candidate>.Builder _candidates = ImmutableArray.CreateBuilder<Candidate>();
    private Answer _answer = new();
    private JsonElement? _error;
    private ImmutableArray<Part>.Builder? _open;
    private bool _isChunked;

    private AnswerReader(JsonStreamReader json, BlobSink sink, RawBody? raw = null)
    {
        _json = json;
        _sink = sink;
        _parts = new PartReader(json, sink, _warnings) { OnPicture = () => raw?.Understood() };
    }

    /// <summary>Saves a body whose compression is not supported; does nothing with any other body.</summary>
    /// <exception cref="NbException">The body's compression is not supported; the error names the file.</exception>
    internal static async Task KeepEncodedAsync(Stream body, BlobSink sink, CancellationToken cancellationToken)
    {
        if (body is not EncodedStream encoded) return;
        using var packed = new RawBody(encoded.Raw);
        byte[]? bytes = await packed.WholeAsync(cancellationToken).ConfigureAwait(false);
        throw AnswerErrors.Kept(encoded.Error,
            bytes is { Length: > 0 } ? KeptAnswer.Save(bytes, sink.AnswersFolder, encoded.Extension) : null);
    }

    /// <summary>Reads a whole body in any known form. An unreadable body is saved in a file that the answer or the
    /// error names.</summary>
    /// <remarks>The caller disposes the stream.</remarks>
    /// <exception cref="NbException">The body is incomplete, unreadable, or an error of the service.</exception>
    public static async Task<Answer> ReadAsync(Stream body, BlobSink sink, CancellationToken cancellationToken)
    {
        await KeepEncodedAsync(body, sink, cancellationToken).ConfigureAwait(false);
        using var raw = new RawBody(body);
        Answer answer;
        NbException? error = null;
        try
        {
            answer = await ReadKnownAsync(raw, sink, cancellationToken).ConfigureAwait(false);
            if (IsUnderstood(answer)) return answer;
        }
        catch (NbException e) when (e.Kind == NbErrorKind.ParserError)
        {
            answer = new Answer();
            error = e;
        }
        answer = await ReadUnknownAsync(raw, sink, answer, cancellationToken).ConfigureAwait(false);
        return error is null || !answer.Candidates.IsEmpty ? answer : throw AnswerErrors.Kept(error, answer.KeptAs);
    }

    /// <summary>Whether an answer has content: a picture, text, or the reason why there is neither.</summary>
    public static bool IsUnderstood(Answer answer) =>
        answer.BlockReason is not null || answer.Candidates.Any(IsUnderstood);

    private static bool IsUnderstood(Candidate candidate) =>
        candidate.FinishReason is not (null or "STOP") || candidate.Content?.Parts.Any(IsWordOrPicture) == true;

    private static bool IsWordOrPicture(Part part) =>
        part is TextPart { Text.Length: > 0 } || (part is ImagePart image && MimeTypeOf(image.Data).Length > 0);

    private static async Task<Answer> ReadKnownAsync(RawBody raw, BlobSink sink, CancellationToken cancellationToken)
    {
        (Stream documents, bool isEvents) = await UnwrapAsync(raw, cancellationToken).ConfigureAwait(false);
        using var json = new JsonStreamReader(documents, lines: isEvents);
        var reader = new AnswerReader(json, sink, raw) { _isChunked = isEvents };
        try
        {
            await reader.ReadDocumentsAsync(isEvents, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (CutAnswer.IsCut(e))
        {
            Answer? answer = await CutAnswer.TakeAsync(e, reader.FinishEarly(), reader._parts.Unfinished, raw, sink)
                .ConfigureAwait(false);
            if (answer is null) throw;
            return answer;
        }
        return reader.Finish();
    }

    private async Task ReadDocumentsAsync(bool isEvents, CancellationToken cancellationToken)
    {
        if (isEvents)
        {
            while (await _json.NextLineAsync(cancellationToken).ConfigureAwait(false))
            {
                // [DONE] ends the events of some gateways.
                if (await _json.PeekAsync(cancellationToken).ConfigureAwait(false) != '{') continue;
                await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
                await ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
            }
            return;
        }
        byte first = await _json.PeekAsync(cancellationToken).ConfigureAwait(false);
        if (first is not ((byte)'{' or (byte)'[')) throw AnswerErrors.NotJson(_json.Preview());
        await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (_json.Token == JsonTokenType.StartArray)
        {
            _isChunked = true;
            while (await _json.NextObjectAsync(cancellationToken).ConfigureAwait(false))
            {
                await ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            await ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
        }
        await DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds pictures anywhere in an unreadable body; if there is none, the body is saved.</summary>
    internal static async Task<Answer> ReadUnknownAsync(RawBody raw, BlobSink sink, Answer answer,
        CancellationToken cancellationToken)
    {
        if (await raw.WholeAsync(cancellationToken).ConfigureAwait(false) is not { Length: > 0 } body) return answer;
        ImmutableArray<Blob> pictures = PictureFinder.InBody(body, sink);
        if (pictures.IsEmpty) return answer with { KeptAs = KeptAnswer.Save(body, sink.AnswersFolder) };
        var turn = new Turn(Turn.Model, [.. pictures.Select(picture => new ImagePart(picture, MimeTypeOf(picture)))]);
        return answer with
        {
            Candidates = [.. answer.Candidates, new Candidate { Content = turn }],
            Warnings = answer.Warnings.Add(
                "The answer is not in the service's form; the picture was found inside it. Something between here and the service may have rewritten it."),
        };
    }

    /// <summary>Detects whether a body is an event stream, and removes the line that some servers put before
    /// JSON.</summary>
    internal static async Task<(Stream Documents, bool IsEvents)> UnwrapAsync(Stream body,
        CancellationToken cancellationToken)
    {
        // Enough for a byte order mark, blank lines and the longest prefix.
        byte[] beginning = new byte[256];
        int length = 0, read;
        try
        {
            do
            {
                read = await body.ReadAsync(beginning.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
            }
            while (read > 0 && length < LeastBeginning);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The next read reports it again.
            if (length == 0) throw AnswerErrors.Truncated(e);
        }
        ReadOnlyMemory<byte> start = beginning.AsMemory(0, length);
        if (start.Span.StartsWith("\uFEFF"u8)) start = start[3..];
        start = start.TrimStart(" \t\r\n"u8);
        if (start.Span.StartsWith(")]}'"u8)) start = start[4..].TrimStart(", \t\r\n"u8);
        bool isEvents = EventStream.IsEvents(start.Span);
        Stream whole = new PrefixedStream(start, body);
        return (isEvents ? new EventStream(whole) : whole, isEvents);
    }

    /// <summary>Reads an answer inside a larger document; the reader is on its opening brace.</summary>
    public static async Task<Answer> ReadObjectAsync(
        JsonStreamReader json, BlobSink sink, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(json, sink);
        await reader.ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
        return reader.Finish();
    }

    /// <summary>The name as the service's documentation spells it, because some answers use snake_case.</summary>
    internal static string CamelCase(string name)
    {
        if (!name.Contains('_')) return name;
        string[] words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private async Task ReadFieldsAsync(CancellationToken cancellationToken)
    {
        while (await _json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (CamelCase(_json.GetString()))
            {
                case "candidates":
                    await ReadArrayAsync(ReadCandidateAsync, "candidates", cancellationToken).ConfigureAwait(false);
                    break;
                case "promptFeedback":
                    ReadFeedback(await _json.CaptureAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case "usageMetadata":
                    JsonElement usage = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    _answer = _answer with { Usage = UsageOf(usage) ?? _answer.Usage };
                    break;
                case "modelStatus":
                    JsonElement status = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    _answer = _answer with { ModelStatus = StatusOf(status) ?? _answer.ModelStatus };
                    break;
                case "modelVersion":
                    string? version = await ReadWordAsync(cancellationToken).ConfigureAwait(false);
                    _answer = _answer with { ModelVersion = version };
                    break;
                case "responseId":
                    string? id = await ReadWordAsync(cancellationToken).ConfigureAwait(false);
                    _answer = _answer with { ResponseId = id };
                    break;
                case "error":
                    _error = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    await _json.SkipAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task ReadCandidateAsync(CancellationToken cancellationToken)
    {
        var candidate = new Candidate();
        while (await _json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (CamelCase(_json.GetString()))
            {
                case "content" when await _json.PeekAsync(cancellationToken).ConfigureAwait(false) == '{':
                    await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    Turn turn = await ReadTurnAsync(cancellationToken).ConfigureAwait(false);
                    candidate = candidate with { Content = turn };
                    break;
                case "finishReason":
                    string? reason = await ReadWordAsync(cancellationToken).ConfigureAwait(false);
                    candidate = candidate with { FinishReason = reason };
                    break;
                case "index":
                    JsonElement index = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    candidate = candidate with { Index = index.Int64() ?? 0 };
                    break;
                case "finishMessage":
                    string? message = await ReadWordAsync(cancellationToken).ConfigureAwait(false);
                    candidate = candidate with { FinishMessage = message };
                    break;
                case "groundingMetadata":
                    JsonElement grounding = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    bool isObject = grounding.ValueKind == JsonValueKind.Object;
                    candidate = candidate with { GroundingMetadata = isObject ? grounding : null };
                    break;
                default:
                    await _json.SkipAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
        _candidates.Add(candidate);
        _open = null;
    }

    private async Task<Turn> ReadTurnAsync(CancellationToken cancellationToken)
    {
        string role = Turn.Model;
        ImmutableArray<Part>.Builder parts = _open = ImmutableArray.CreateBuilder<Part>();
        var unknown = new List<KeyValuePair<string, JsonElement>>();
        while (await _json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            string name = _json.GetString();
            switch (CamelCase(name))
            {
                case "role" when await _json.PeekAsync(cancellationToken).ConfigureAwait(false) == '"':
                    role = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false) ?? role;
                    break;
                case "parts":
                    await ReadArrayAsync(
                        async token => parts.Add(await _parts.ReadAsync(token).ConfigureAwait(false)),
                        "parts",
                        cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    JsonElement value = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    unknown.Add(new(name, value));
                    break;
            }
        }
        return new Turn(role, parts.ToImmutable()) { Unknown = UnknownFields.From(unknown) };
    }

    // Shown to people, so control characters are removed. Text of a turn stays unchanged.
    private async Task<string?> ReadWordAsync(CancellationToken cancellationToken) =>
        await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false) is { } word ? SafeText.Plain(word) : null;

    private async Task ReadArrayAsync(
        Func<CancellationToken, Task> readObject, string name, CancellationToken cancellationToken)
    {
        byte first = await _json.PeekAsync(cancellationToken).ConfigureAwait(false);
        if (first != '[')
        {
            if (first != 'n') _warnings.Add($"The answer's field '{name}' is not a list; it was left out.");
            await _json.SkipAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
        while (await _json.NextObjectAsync(cancellationToken).ConfigureAwait(false))
        {
            await readObject(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Read to the end, so that the connection can be reused.
            bool clean = await _json.DrainAsync(MaxTrailingBytes, cancellationToken).ConfigureAwait(false);
            if (!clean) _warnings.Add("The answer was followed by something that is not part of it.");
        }
        catch (Exception e) when (e is NbException || CutAnswer.IsCut(e))
        {
            // The answer is complete: a connection error now does no harm.
        }
    }

    // Includes the parts of the candidate that was incomplete.
    private Answer FinishEarly()
    {
        if (_open is { Count: > 0 }) _candidates.Add(new Candidate { Content = new Turn(Turn.Model, [.. _open]) });
        _error = null;
        return Finish();
    }

    private Answer Finish()
    {
        if (_error is { } error && _candidates.Count == 0)
        {
            throw FaultClassifier.Inside(ServiceError.FromElement(error));
        }
        IEnumerable<Candidate> candidates = _isChunked ? Joined(_candidates) : _candidates;
        return _answer with { Candidates = [.. candidates.Select(WithPicturesInWords)],
            Warnings = [.. _warnings.Select(SafeText.Of)] };
    }

    // In a stream, every chunk has a piece of the same turn.
    private static IEnumerable<Candidate> Joined(IEnumerable<Candidate> chunks) =>
        chunks.GroupBy(chunk => chunk.Index).Select(group =>
    {
        Candidate last = group.Last();
        Turn[] turns = [.. group.Select(chunk => chunk.Content).OfType<Turn>()];
        return last with
        {
            Content = turns.Length == 0 ? null : turns[0] with { Parts = [.. turns.SelectMany(turn => turn.Parts)] },
            FinishReason = group.Select(chunk => chunk.FinishReason).LastOrDefault(reason => reason is not null),
            FinishMessage = group.Select(chunk => chunk.FinishMessage).LastOrDefault(message => message is not null),
            GroundingMetadata = group.Select(chunk => chunk.GroundingMetadata)
                .LastOrDefault(grounding => grounding is not null),
        };
    });

    // Gateways put pictures into the text as data URLs. They become separate parts, so that the image can be edited.
    private Candidate WithPicturesInWords(Candidate candidate)
    {
        if (candidate.Content is not { } turn || !turn.Parts.OfType<TextPart>().Any(IsWithPicture)) return candidate;
        var parts = ImmutableArray.CreateBuilder<Part>();
        foreach (Part part in turn.Parts)
        {
            if (part is not TextPart text || !IsWithPicture(text)
                || PictureFinder.InWords(text.Text, _sink) is not { Pictures.IsEmpty: false } found)
            {
                parts.Add(part);
                continue;
            }
            if (found.Words.Length > 0) parts.Add(text with { Text = found.Words });
            parts.AddRange(found.Pictures.Select(picture =>
                new ImagePart(picture, MimeTypeOf(picture)) { Thought = text.Thought }));
        }
        return candidate with { Content = turn with { Parts = parts.ToImmutable() } };
    }

    internal static string MimeTypeOf(Blob picture) =>
        PictureFormat.Detect(picture.ReadHead(PictureFormat.HeadLength))?.MimeType ?? "";

    private static bool IsWithPicture(TextPart part) =>
        part.Text.Contains("data:image", StringComparison.OrdinalIgnoreCase);

    private void ReadFeedback(JsonElement feedback)
    {
        if (feedback.ValueKind != JsonValueKind.Object) return;
        _answer = _answer with
        {
            BlockReason = feedback.Field("blockReason")?.Text(),
            BlockReasonMessage = feedback.Field("blockReasonMessage")?.Text(),
        };
    }

    private static ModelStatus? StatusOf(JsonElement status) =>
        status.ValueKind != JsonValueKind.Object ? null : new ModelStatus(
            status.TextOf("modelStage") ?? "",
            status.TimeOf("retirementTime") is { } time ? DateOnly.FromDateTime(time.UtcDateTime) : null,
            status.TextOf("message"));

    private static TokenCount? UsageOf(JsonElement usage) =>
        usage.ValueKind != JsonValueKind.Object ? null : new TokenCount
    {
        PromptTokens = usage.Tokens("promptTokenCount"),
        PromptImageTokens = ImageTokens(usage.Field("promptTokensDetails")),
        CandidateTokens = usage.Tokens("candidatesTokenCount"),
        ImageTokens = ImageTokens(usage.Field("candidatesTokensDetails")),
        ThoughtTokens = usage.Tokens("thoughtsTokenCount"),
        TotalTokens = usage.Tokens("totalTokenCount"),
        ServiceTier = usage.TextOf("serviceTier"),
    };

    private static long? ImageTokens(JsonElement? details)
    {
        if (details is not { ValueKind: JsonValueKind.Array } list) return null;
        return list.EnumerateArray()
            .Where(detail => detail.Field("modality")?.Text() == "IMAGE")
            .Aggregate(0L, (sum, detail) => sum + detail.Tokens("tokenCount"));
    }
}
