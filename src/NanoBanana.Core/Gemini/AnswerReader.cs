using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Reads what generateContent answers, in one pass. Fields may be absent, unknown, or in any order.</summary>
internal sealed class AnswerReader
{
    private const int MaxTrailingBytes = 64 * 1024;

    private readonly JsonStreamReader _json;
    private readonly PartReader _parts;
    private readonly List<string> _warnings = [];
    private readonly ImmutableArray<Candidate>.Builder _candidates = ImmutableArray.CreateBuilder<Candidate>();
    private Answer _answer = new();
    private JsonElement? _error;

    private AnswerReader(JsonStreamReader json, BlobSink sink)
    {
        _json = json;
        _parts = new PartReader(json, sink, _warnings);
    }

    /// <summary>Reads a whole body. The caller disposes the stream.</summary>
    /// <exception cref="NbException">The body is cut off, no JSON, or an error of the service.</exception>
    public static async Task<Answer> ReadAsync(Stream body, BlobSink sink, CancellationToken cancellationToken)
    {
        using var json = new JsonStreamReader(body);
        byte first = await json.PeekAsync(cancellationToken).ConfigureAwait(false);
        if (first is not ((byte)'{' or (byte)'[')) throw AnswerErrors.NotJson(json.Preview());
        await json.ReadAsync(cancellationToken).ConfigureAwait(false);
        var reader = new AnswerReader(json, sink);
        if (json.Token == JsonTokenType.StartArray)
        {
            while (await reader.NextObjectAsync(cancellationToken).ConfigureAwait(false))
            {
                await reader.ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            await reader.ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
        }
        await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
        return reader.Finish();
    }

    /// <summary>Reads an answer that is a value inside a larger document: the reader stands on its opening brace.</summary>
    public static async Task<Answer> ReadObjectAsync(
        JsonStreamReader json, BlobSink sink, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(json, sink);
        await reader.ReadFieldsAsync(cancellationToken).ConfigureAwait(false);
        return reader.Finish();
    }

    /// <summary>The name as the service's documentation spells it: answers in snake_case were seen.</summary>
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
                case "modelVersion":
                    string? version = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    _answer = _answer with { ModelVersion = version };
                    break;
                case "responseId":
                    string? id = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
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
                    string? reason = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    candidate = candidate with { FinishReason = reason };
                    break;
                case "finishMessage":
                    string? message = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
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
    }

    private async Task<Turn> ReadTurnAsync(CancellationToken cancellationToken)
    {
        string role = Turn.Model;
        var parts = ImmutableArray.CreateBuilder<Part>();
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

    private async Task ReadArrayAsync(
        Func<CancellationToken, Task> readObject, string name, CancellationToken cancellationToken)
    {
        byte first = await _json.PeekAsync(cancellationToken).ConfigureAwait(false);
        if (first != '[')
        {
            if (first != 'n') _warnings.Add($"The answer's field '{name}' is no list; it was left out.");
            await _json.SkipAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
        while (await NextObjectAsync(cancellationToken).ConfigureAwait(false))
        {
            await readObject(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Goes to the next object of the array that is open; leaves anything else out.</summary>
    private async Task<bool> NextObjectAsync(CancellationToken cancellationToken)
    {
        int depth = 0;
        while (true)
        {
            await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (_json.Token)
            {
                case JsonTokenType.StartObject when depth == 0:
                    return true;
                case JsonTokenType.EndArray when depth == 0:
                    return false;
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    depth++;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    depth--;
                    break;
            }
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            // To the end, so that the connection can be used again.
            bool clean = await _json.DrainAsync(MaxTrailingBytes, cancellationToken).ConfigureAwait(false);
            if (!clean) _warnings.Add("The answer was followed by something that is no part of it.");
        }
        catch (NbException)
        {
            // The answer is whole: what happens to the connection now costs nothing.
        }
    }

    private Answer Finish()
    {
        if (_error is { } error && _candidates.Count == 0) throw FaultClassifier.Inside(ServiceError.FromElement(error));
        return _answer with { Candidates = _candidates.ToImmutable(), Warnings = [.. _warnings.Select(SafeText.Of)] };
    }

    private void ReadFeedback(JsonElement feedback)
    {
        if (feedback.ValueKind != JsonValueKind.Object) return;
        _answer = _answer with
        {
            BlockReason = feedback.Field("blockReason")?.Text(),
            BlockReasonMessage = feedback.Field("blockReasonMessage")?.Text(),
        };
    }

    private static TokenCount? UsageOf(JsonElement usage) => usage.ValueKind != JsonValueKind.Object ? null : new TokenCount
    {
        PromptTokens = usage.Field("promptTokenCount")?.Int64() ?? 0,
        PromptImageTokens = ImageTokens(usage.Field("promptTokensDetails")),
        CandidateTokens = usage.Field("candidatesTokenCount")?.Int64() ?? 0,
        ImageTokens = ImageTokens(usage.Field("candidatesTokensDetails")),
        ThoughtTokens = usage.Field("thoughtsTokenCount")?.Int64() ?? 0,
        TotalTokens = usage.Field("totalTokenCount")?.Int64() ?? 0,
    };

    private static long? ImageTokens(JsonElement? details)
    {
        if (details is not { ValueKind: JsonValueKind.Array } list) return null;
        return list.EnumerateArray()
            .Where(detail => detail.Field("modality")?.Text() == "IMAGE")
            .Sum(detail => detail.Field("tokenCount")?.Int64() ?? 0);
    }
}
