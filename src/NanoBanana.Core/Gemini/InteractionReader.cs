using System.Text.Json;
using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Reads an interaction, streamed as events or whole, in one pass. Events and fields may be absent, unknown,
/// or in any order.</summary>
internal sealed class InteractionReader
{
    private readonly JsonStreamReader _json;
    private readonly BlobSink _sink;
    private readonly PartReader _parts;
    private readonly Action<string> _onIdentified;
    private readonly List<string> _warnings = [];
    private readonly SortedSet<string> _strangers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, InteractionStep> _steps = [];
    private readonly InteractionSummary _summary = new();
    private bool _isComplete;
    private bool _isStepOpen;

    private InteractionReader(JsonStreamReader json, BlobSink sink, Action<string> onIdentified, RawBody raw)
    {
        _json = json;
        _sink = sink;
        _onIdentified = onIdentified;
        _parts = new PartReader(json, sink, _warnings) { OnPicture = raw.Understood };
    }

    /// <summary>Reads a whole body in any known form. An unreadable body is saved in a file that the answer or the
    /// error names.</summary>
    /// <remarks>The caller disposes the stream.</remarks>
    /// <param name="body">Events, or one object.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="isFree">Whether it can be fetched again free of charge.</param>
    /// <param name="onIdentified">Called with the interaction's id as soon as it is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NbException">The body is incomplete or unreadable.</exception>
    public static async Task<InteractionResult> ReadAsync(
        Stream body, BlobSink sink, bool isFree, Action<string> onIdentified, CancellationToken cancellationToken)
    {
        await AnswerReader.KeepEncodedAsync(body, sink, cancellationToken).ConfigureAwait(false);
        using var raw = new RawBody(body);
        var result = new InteractionResult(Id: null);
        NbException? error = null;
        try
        {
            result = await ReadKnownAsync(raw, sink, isFree, onIdentified, cancellationToken).ConfigureAwait(false);
            if (result.Answer is not { } read || AnswerReader.IsUnderstood(read)) return result;
        }
        catch (NbException e) when (e.Kind == NbErrorKind.ParserError)
        {
            error = e;
        }
        Answer answer = await AnswerReader.ReadUnknownAsync(raw, sink, result.Answer
            ?? new Answer(), cancellationToken).ConfigureAwait(false);
        return error is null || !answer.Candidates.IsEmpty ? result with { Answer = answer }
            : throw AnswerErrors.Kept(error, answer.KeptAs);
    }

    private static async Task<InteractionResult> ReadKnownAsync(
        RawBody raw, BlobSink sink, bool isFree, Action<string> onIdentified, CancellationToken cancellationToken)
    {
        (Stream documents, bool isEvents) = await AnswerReader.UnwrapAsync(raw, cancellationToken)
            .ConfigureAwait(false);
        using var json = new JsonStreamReader(documents, lines: isEvents) { IsDownload = isFree };
        var reader = new InteractionReader(json, sink, onIdentified, raw);
        try
        {
            await reader.ReadDocumentsAsync(isEvents, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!isFree && CutAnswer.IsCut(e))
        {
            if (!reader._summary.HasEnded) reader._summary.Status = null;
            UnfinishedPicture? rest = reader.TakeHalf() ?? reader._parts.Unfinished;
            InteractionResult early = reader.Finish();
            Answer? answer = await CutAnswer.TakeAsync(e, early.Answer ?? new Answer(), rest, raw, sink)
                .ConfigureAwait(false);
            if (answer is null) throw;
            return early with { Answer = answer, IsCut = true, IsRunning = false, Failure = null };
        }
        return reader.Finish();
    }

    private async Task ReadDocumentsAsync(bool isEvents, CancellationToken cancellationToken)
    {
        if (isEvents)
        {
            while (await _json.NextLineAsync(cancellationToken).ConfigureAwait(false))
            {
                // [DONE] ends the events.
                if (await _json.PeekAsync(cancellationToken).ConfigureAwait(false) != '{') continue;
                await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
                await ReadEventAsync(cancellationToken).ConfigureAwait(false);
            }
            if (!_isComplete && !_summary.HasEnded) throw AnswerErrors.Truncated();
            return;
        }
        if (await _json.PeekAsync(cancellationToken).ConfigureAwait(false) != '{')
        {
            throw AnswerErrors.NotJson(_json.Preview());
        }
        await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
        await ReadInteractionAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadEventAsync(CancellationToken cancellationToken)
    {
        string? type = null;
        long? index = null;
        InteractionStep? step = null;
        InteractionContent? piece = null;
        while (await _json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            byte first = await _json.PeekAsync(cancellationToken).ConfigureAwait(false);
            switch (JsonNamingPolicy.SnakeCaseLower.ConvertName(_json.GetString()))
            {
                case "event_type":
                    type = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "index":
                    index = (await _json.CaptureAsync(cancellationToken).ConfigureAwait(false)).Int64();
                    break;
                case "step" when first == '{':
                    await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    step = new InteractionStep();
                    await step.ReadAsync(_json, _parts, cancellationToken).ConfigureAwait(false);
                    break;
                case "delta" when first == '{':
                    await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    piece = await InteractionContent.ReadAsync(_json, _parts, cancellationToken).ConfigureAwait(false);
                    break;
                case "interaction" when first == '{':
                    await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    await ReadInteractionAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "interaction_id":
                    Identify(await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case "status":
                    _summary.Status = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "error":
                    _summary.Errors.Add(await _json.CaptureAsync(cancellationToken).ConfigureAwait(false));
                    break;
                default:
                    await _json.SkipAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
        if (type is "interaction.completed" or "error") _isComplete = true;
        _isStepOpen = type != "step.stop" && (_isStepOpen || piece is not null);
        if (step is not null) Start(index ?? _steps.Count, step);
        if (piece is not null) Add(index ?? Math.Max(0, _steps.Count - 1), piece);
        _parts.Finish();
    }

    // The fields of an interaction, complete or from an event.
    private async Task ReadInteractionAsync(CancellationToken cancellationToken)
    {
        while (await _json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
        {
            byte first = await _json.PeekAsync(cancellationToken).ConfigureAwait(false);
            switch (JsonNamingPolicy.SnakeCaseLower.ConvertName(_json.GetString()))
            {
                case "id":
                    Identify(await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case "status":
                    _summary.Status = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "model":
                    _summary.Model = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "service_tier" when first == '"':
                    _summary.ServiceTier = await _json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "usage":
                    _summary.Usage = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case "errors" when first == '[':
                    JsonElement errors = await _json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    _summary.Errors.AddRange(errors.EnumerateArray());
                    break;
                case "error":
                    _summary.Errors.Add(await _json.CaptureAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case "steps" when first == '[':
                    await ReadStepsAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    await _json.SkipAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    // A complete interaction takes precedence over the pieces.
    private async Task ReadStepsAsync(CancellationToken cancellationToken)
    {
        await _json.ReadAsync(cancellationToken).ConfigureAwait(false);
        var steps = new List<InteractionStep>();
        while (await _json.NextObjectAsync(cancellationToken).ConfigureAwait(false))
        {
            var step = new InteractionStep();
            steps.Add(step);
            try
            {
                await step.ReadAsync(_json, _parts, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (CutAnswer.IsCut(e) && _steps.Count == 0)
            {
                Replace(steps);
                throw;
            }
        }
        if (steps.Count > 0) Replace(steps);
    }

    private void Replace(List<InteractionStep> steps)
    {
        _steps.Clear();
        foreach (InteractionStep step in steps) _steps.Add(_steps.Count, step);
    }

    private void Start(long index, InteractionStep step) => _steps.TryAdd(index, step);

    private void Add(long index, InteractionContent piece)
    {
        if (!_steps.TryGetValue(index, out InteractionStep? step)) _steps.Add(index, step = new InteractionStep());
        if (!step.Add(piece, _sink)) _strangers.Add(piece.Type ?? "?");
    }

    // Before the end of the step, a piece of its picture may be missing.
    private UnfinishedPicture? TakeHalf() => _isStepOpen && _steps.Count > 0
        && _steps[_steps.Keys.Max()].TakeHalf() is { } half ? new(half, HasEnded: false, IsThought: false) : null;

    private void Identify(string? id)
    {
        if (string.IsNullOrEmpty(id) || id == _summary.Id) return;
        _summary.Id = id;
        _onIdentified(id);
    }

    private InteractionResult Finish()
    {
        if (_strangers.Count > 0)
        {
            string kinds = string.Join(", ", _strangers);
            _warnings.Add($"The stream had pieces of kinds not known here, which were left out: {kinds}.");
        }
        return _summary.ToResult([.. _steps.Values], [.. _warnings.Select(SafeText.Of)]);
    }
}
