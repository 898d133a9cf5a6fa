using System.Collections.Concurrent;
using System.Text.Json;
using NanoBanana.Emulator.Batches;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>models.batchGenerateContent and batches.get, list, cancel and delete.</summary>
internal sealed class BatchesEndpoint(
    EmulatorOptions options, TimeProvider time, ModelsEndpoint models, FileStore files, BatchRunner runner)
{
    private const int IdLength = 36;
    private const int MaxJobs = 100;
    private const int DefaultPageSize = 10;
    private const int MaxPageSize = 100;
    private readonly ConcurrentDictionary<string, EmulatedJob> _jobs = new(StringComparer.Ordinal);

    public async Task<EmulatorResponse> CreateAsync(RequestContext context, CancellationToken cancellationToken)
    {
        JsonElement body = await context.ReadJsonAsync(options.InlineBatchLimit, cancellationToken)
            .ConfigureAwait(false);
        ModelEntry model = models.Find(context.Path, "batchGenerateContent");
        RequestSchema.Check(body, "BatchGenerateContentRequest", vertex: false);
        JsonElement batch = body.Field("batch") ?? throw Field("batch: batch is not specified");
        JsonElement input = batch.Field("inputConfig")
            ?? throw Field("batch.input_config: input_config is not specified");
        DateTimeOffset now = time.GetUtcNow();
        if (_jobs.Values.Count(job => EmulatedJob.IsOpen(job.StateAt(now))) >= MaxJobs)
        {
            throw new ServiceException(429, "RESOURCE_EXHAUSTED",
                "You exceeded your current quota: 100 batches can run at the same time.");
        }

        string? inputFile = input.Text("fileName");
        List<BatchItem> items = inputFile is not null
            ? ReadLines(files.Resolve(inputFile))
            : [.. (input.Field("requests") ?? default).Items("requests").Select(request => new BatchItem(
                null, request.Field("metadata")?.Clone(), request.Field("request")?.Clone() ?? default))];
        if (items.Count == 0) throw Field("batch.input_config: the batch has no requests");

        EmulatedJob created = new()
        {
            Id = NameMaker.Create(IdLength),
            DisplayName = batch.Text("displayName") ?? "",
            Model = model,
            InputFile = inputFile,
            Owner = KeyCheck.Owner(context.Request),
            BaseUri = context.Request.BaseUri,
            Faults = context.Rules,
            Items = items,
            Created = now,
            Starts = now + options.BatchPending,
            Finishes = now + options.BatchPending + options.BatchRunning,
            Expires = now + options.BatchLifetime,
        };
        _jobs[created.Id] = created;
        return EmulatorResponse.Json(200, created.ToWire(now, withResults: true));
    }

    public EmulatorResponse Get(RequestContext context)
    {
        EmulatedJob job = Find(context);
        return EmulatorResponse.Streamed(
            "application/json; charset=UTF-8", new WireText(Observe(job, withResults: true), indented: true));
    }

    public EmulatorResponse List(RequestContext context)
    {
        EmulatedJob[] jobs =
            [.. _jobs.Values.Where(job => IsOwned(job, context)).OrderByDescending(job => job.Created)
            .ThenBy(job => job.Id, StringComparer.Ordinal)];
        (IReadOnlyList<EmulatedJob> page, string? next) =
            Paging.Page(jobs, context.Request, DefaultPageSize, MaxPageSize);
        WireObject body = [];
        if (page.Count > 0) body.Add("operations", page.Select(job => Observe(job, withResults: false)).ToArray());
        body.AddIfAny("nextPageToken", next);
        return EmulatorResponse.Json(200, body);
    }

    public EmulatorResponse Cancel(RequestContext context)
    {
        EmulatedJob job = Find(context);
        lock (job.Lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (EmulatedJob.IsOpen(job.StateAt(now)) && job.Canceled is null)
            {
                // Items finished by now stay finished and billed.
                if (job.DoneAt(now) is > 0 and int done) runner.Finish(job, done);
                job.Canceled = now;
            }
        }

        return EmulatorResponse.Json(200, new WireObject());
    }

    public EmulatorResponse Delete(RequestContext context)
    {
        _jobs.TryRemove(Find(context).Id, out _);
        return EmulatorResponse.Json(200, new WireObject());
    }

    // The work runs when a due batch is read; no thread runs in between.
    private WireObject Observe(EmulatedJob job, bool withResults)
    {
        lock (job.Lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (!job.HasResults && job.StateAt(now) is BatchState.Succeeded or BatchState.PartiallySucceeded)
            {
                runner.Finish(job, job.ResultCount);
            }
            return job.ToWire(now, withResults);
        }
    }

    private static bool IsOwned(EmulatedJob job, RequestContext context) =>
        job.Owner == KeyCheck.Owner(context.Request);

    // A batch of another owner gives the same error as a missing one.
    private EmulatedJob Find(RequestContext context) =>
        _jobs.TryGetValue(context.Path.Id!, out EmulatedJob? job) && IsOwned(job, context)
        ? job
        : throw ServiceException.NotFound("Requested entity was not found.");

    private static List<BatchItem> ReadLines(StoredFile file)
    {
        List<BatchItem> items = [];
        foreach (ReadOnlyMemory<byte> line in Lines(file.Content.ToArray()))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement root = document.RootElement.Clone();
                BodyMasker.Check(root);
                items.Add(new BatchItem(root.Field("key"), root.Field("metadata"), root.Field("request") ?? default));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // A broken line fails alone when the batch runs.
                items.Add(new BatchItem(null, null, default));
            }
        }

        return items;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> text)
    {
        while (text.Length > 0)
        {
            int end = text.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.Span.Trim(" \r\t"u8).IsEmpty) yield return line;
        }
    }

    private static ServiceException Field(string message) =>
        ServiceException.InvalidArgument($"* BatchGenerateContentRequest.{message}\n");
}
