using System.Runtime.CompilerServices;
using System.Text.Json;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Interactions;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>interactions.create, get, cancel and delete.</summary>
internal sealed class InteractionsEndpoint
{
    private const string EventStream = "text/event-stream";
    private readonly EmulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly ModelsEndpoint _models;
    private readonly GenerateEndpoint _generate;
    private readonly LinkedPictures _links;
    private readonly EmulatorJournal _journal;
    private readonly InteractionStore _store;
    private readonly InteractionRunner _runner;

    public InteractionsEndpoint(
        EmulatorOptions options, TimeProvider time, ModelsEndpoint models, GenerateEndpoint generate,
            LinkedPictures links,
        EmulatorJournal journal)
    {
        _options = options;
        _time = time;
        _models = models;
        _generate = generate;
        _links = links;
        _journal = journal;
        _store = new InteractionStore(options, time);
        _runner = new InteractionRunner(
            options, time, _store, (model, request, faults) => generate.Draw(model, request, faults, isBatch: false));
    }

    public async Task<EmulatorResponse> CreateAsync(RequestContext context, CancellationToken cancellationToken)
    {
        JsonElement body = await context.ReadJsonAsync(_options.InlineLimit, cancellationToken).ConfigureAwait(false);
        InteractionRequest request = InteractionReader.Read(body, _generate.Resolver(context.Faults));
        context.Entry.Store = request.Generate.Store;
        ModelEntry model = _models.Find(request.Model, context.Path, "interactions");
        // A stream sends the interaction's id at once; the slow work comes after.
        if (_options.Latency > TimeSpan.Zero && !request.IsStreamed)
        {
            await Task.Delay(_options.Latency, _time, cancellationToken).ConfigureAwait(false);
        }
        if (_generate.MarkedAnswer(context, request.Generate, model) is { } refused) return refused;

        Uri baseUri = context.Request.BaseUri;
        JournalEntry entry = context.Entry;
        Interaction interaction = _runner.Create(
            model, request, KeyCheck.Owner(context.Request), context.Faults,
            (picture, mimeType) => new Uri(baseUri, _links.Add(picture, mimeType)).AbsoluteUri,
            answer => Record(entry, answer));
        return request.IsStreamed ? Stream(interaction, null, context, _options.Latency)
            : Whole(interaction.ToWire(), context);
    }

    public EmulatorResponse Get(RequestContext context)
    {
        Interaction interaction = _runner.Observe(Find(context));
        return IsSet(context, "stream")
            ? Stream(interaction, context.Request.Query.GetValueOrDefault("last_event_id"), context)
            : Whole(interaction.ToWire(IsSet(context, "include_input")), context);
    }

    public EmulatorResponse Cancel(RequestContext context) => Whole(_runner.Cancel(Find(context)).ToWire(), context);

    public EmulatorResponse Delete(RequestContext context)
    {
        _store.Delete(context.Path.Id!, KeyCheck.Owner(context.Request));
        return EmulatorResponse.Json(200, new WireObject());
    }

    private Interaction Find(RequestContext context) => _store.Get(context.Path.Id!, KeyCheck.Owner(context.Request));

    // Background work is billed to the request that asked for it, which was answered long ago.
    private void Record(JournalEntry entry, GeneratedAnswer answer)
    {
        entry.IsBilled = answer.IsBilled;
        entry.ImageHashes = answer.ImageHashes;
        _journal.Changed(entry);
    }

    private static bool IsSet(RequestContext context, string name) =>
        context.Request.Query.GetValueOrDefault(name)?.ToLowerInvariant() is "true" or "1";

    private static EmulatorResponse Whole(WireObject body, RequestContext context) => EmulatorResponse.Streamed(
        "application/json; charset=UTF-8",
        new WireText(AnswerDistorter.Distort(body, context.Faults), indented: true, suffix: "\n"));

    private IReadOnlyList<WireObject> Events(Interaction interaction, AnswerFaults faults)
    {
        lock (_runner.Complete(interaction).Lock)
        {
            return interaction.Events ??= InteractionEvents.Of(interaction, faults);
        }
    }

    private EmulatorResponse Stream(
        Interaction interaction, string? lastEventId, RequestContext context, TimeSpan latency = default)
    {
        AnswerFaults faults = context.Faults;
        WireObject[] events = [.. InteractionEvents.After(Events(interaction, faults), lastEventId)];
        List<WireText> texts = [.. events.Select(wire => new WireText(
            AnswerDistorter.Distort(wire, faults), prefix: $"event: {wire["event_type"]}\ndata: ", suffix: "\n\n"))];
        long? cut = InteractionEvents.Cut(events, texts, faults.Events);
        texts.Add(WireText.Raw("event: done\ndata: [DONE]\n\n"));
        EmulatorResponse response = EmulatorResponse.Streamed(EventStream, [.. texts]);
        if (latency > TimeSpan.Zero) response = response with { Body = Paced(texts, latency) };
        return cut is { } bytes
            ? response with { Transport =
                new TransportFault(TransportFaultKind.ResetDuring, (int)Math.Min(bytes, int.MaxValue)) }
            : response;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Paced(
        List<WireText> texts, TimeSpan latency, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ReadOnlyMemory<byte> chunk in texts[0].Chunks()) yield return chunk;
        await Task.Delay(latency, _time, cancellationToken).ConfigureAwait(false);
        foreach (ReadOnlyMemory<byte> chunk in texts.Skip(1).SelectMany(text => text.Chunks())) yield return chunk;
    }
}
