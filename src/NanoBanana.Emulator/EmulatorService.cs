using System.Runtime.CompilerServices;
using NanoBanana.Emulator.Batches;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Endpoints;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator;

/// <summary>
/// A local Gemini: the image models' API with its rules, errors and, when asked for, its failures. One service may be
/// reached in several ways (<see cref="EmulatorHandler"/> in process, <see cref="EmulatorServer"/> on a port).
/// Thread-safe.
/// </summary>
public sealed class EmulatorService : IRequestHandler, IDisposable
{
    private readonly EmulatorClock _clock;
    private readonly StatisticsCounter _counter = new();
    private readonly FaultSelector _selector;
    private readonly ModelsEndpoint _models;
    private readonly GenerateEndpoint _generate;
    private readonly FileStore _files;
    private readonly FilesEndpoint _filesEndpoint;
    private readonly UploadEndpoint _upload;
    private readonly BatchesEndpoint _batches;
    private readonly InteractionsEndpoint _interactions;
    private readonly ControlEndpoint _control;
    private readonly AnswerBender _bender = new();

    /// <summary>Starts a service with nothing uploaded and nothing counted.</summary>
    /// <exception cref="FormatException"><see cref="EmulatorOptions.CatalogPath"/> is not a catalog.</exception>
    public EmulatorService(EmulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _clock = new EmulatorClock(options.Time);
        _selector = new FaultSelector(options.Faults);
        _models = new ModelsEndpoint(ModelCatalog.Load(options.CatalogPath));
        _files = new FileStore(options, _clock);
        _filesEndpoint = new FilesEndpoint(_files);
        _upload = new UploadEndpoint(options, _files);
        LinkedPictures links = new();
        _generate = new GenerateEndpoint(options, _clock, _models, _files.ResolveMedia, links, _counter);
        _batches = new BatchesEndpoint(options, _clock, _models, _files,
            new BatchRunner(_files, _generate.GenerateItem));
        Journal = new EmulatorJournal(options.JournalCapacity);
        _interactions = new InteractionsEndpoint(options, _clock, _models, _generate, links, Journal);
        _control = new ControlEndpoint(options, _clock, Journal, _counter, links);
    }

    /// <summary>What this service received.</summary>
    public EmulatorJournal Journal { get; }

    /// <summary>What this service counted, as of now.</summary>
    public EmulatorStatistics Statistics => _counter.Snapshot();

    /// <summary>How this service behaves.</summary>
    public EmulatorOptions Options { get; }

    /// <summary>The service's clock as of now.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Advances the service's clock: files expire, batches proceed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or leads beyond a thousand
    /// years.</exception>
    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _upload.Dispose();
        _files.Dispose();
    }

    TimeSpan IRequestHandler.ReadTimeout => Options.ReadTimeout;

    Task<EmulatorResponse> IRequestHandler.HandleAsync(EmulatorRequest request, CancellationToken cancellationToken) =>
        HandleAsync(request, cancellationToken);

    internal async Task<EmulatorResponse> HandleAsync(EmulatorRequest request, CancellationToken cancellationToken)
    {
        if (ControlEndpoint.Owns(request))
        {
            return await HandleControlAsync(request, cancellationToken).ConfigureAwait(false);
        }

        _counter.CountRequest();
        EmulatorRequest? below = request.Below(Options.BasePath);
        IReadOnlyList<FaultRule> faults = _selector.Next(request.Method, (below ?? request).Path);
        JournalEntry entry = Journal.Add(number => new JournalEntry
        {
            Number = number,
            ReceivedAt = _clock.GetUtcNow(),
            Method = request.Method,
            Path = request.Path,
            Query = Masked(request.Query),
            Headers = Masked(request.Headers),
            Faults = [.. faults.Select(fault => fault.Name)],
        });
        foreach (string name in entry.Faults) _counter.CountFault(name);

        using RequestContext context = new(below ?? request, entry, faults);
        EmulatorResponse response;
        try
        {
            response = below is null
                ? NotFound(request)
                : await AnswerAsync(context, faults, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e)
        {
            entry.Error = e.Message;
            response = IsJsonStream(request)
                ? EmulatorResponse.Json(e.Code, new object[] { new WireObject { { "error", e.ToWire() } } })
                : EmulatorResponse.Error(e);
        }

        if (response.Status >= 400) _counter.CountError();
        entry.Status = response.Transport?.Kind is TransportFaultKind.ResetBefore or TransportFaultKind.Hang
            ? 0
            : response.Status;
        if (entry is { IsBilled: true, Status: 0 } or { IsBilled: true, IsReplaced: true }) _counter.CountUndelivered();
        Journal.Changed(entry);
        return response with { Body = Track(response.Body, entry, CancellationToken.None) };
    }

    private async Task<EmulatorResponse> HandleControlAsync(EmulatorRequest request,
        CancellationToken cancellationToken)
    {
        try
        {
            return await _control.HandleAsync(request, cancellationToken).ConfigureAwait(false) ?? NotFound(request);
        }
        catch (ServiceException e)
        {
            return EmulatorResponse.Error(e);
        }
    }

    private async Task<EmulatorResponse> AnswerAsync(
        RequestContext context, IReadOnlyList<FaultRule> faults, CancellationToken cancellationToken)
    {
        foreach (FaultRule rule in faults)
        {
            if (rule.Kind == FaultKind.Latency)
            {
                await Task.Delay(rule.Delay, _clock, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (FaultRule rule in faults)
        {
            EmulatorResponse? answer = rule.Kind == FaultKind.ResetOnArrival
                ? EmulatorResponse.Bytes(500, "text/plain",
                    default) with { Transport = new(TransportFaultKind.ResetBefore, null) }
                : ErrorFaults.IsLate(rule) ? null : ErrorFaults.Answer(rule, context.Request);
            if (answer is null) continue;

            // The journal records every request, whatever happens to it.
            if (rule.Kind != FaultKind.ResetOnArrival && context.Request.Method == "POST"
                && !context.Request.Path.StartsWith("/upload", StringComparison.Ordinal))
            {
                await context.ReadJsonAsync(Options.InlineLimit, cancellationToken).ConfigureAwait(false);
            }

            return answer;
        }

        if (_bender.Remembered(context) is { } known)
        {
            await context.ReadJsonAsync(Options.InlineLimit, cancellationToken).ConfigureAwait(false);
            return known;
        }

        EmulatorResponse response = await _bender.BendAsync(
            context, await RouteAsync(context, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        TransportFault? transport = context.Rules.Select(ToTransport).FirstOrDefault(fault => fault is not null);
        return transport is null ? response : response with { Transport = transport };
    }

    private async Task<EmulatorResponse> RouteAsync(RequestContext context, CancellationToken cancellationToken)
    {
        EmulatorRequest request = context.Request;
        if (ApiPath.Parse(request.Path) is not { } path || !IsServed(path)) return NotFound(request);

        context.Path = path;

        // An upload address contains its own permission.
        if (path.Prefix != "upload" || !request.Query.ContainsKey("upload_id"))
        {
            KeyCheck.Check(request, path.IsVertex, Options);
        }
        return (request.Method, path.Prefix, path.Collection, path.Id, path.Verb) switch
        {
            ("GET", "", "models", null, null) => _models.List(context),
            ("GET", "", "models", not null, null) => _models.Get(context),
            ("POST", "", "models", not null, "generateContent" or "streamGenerateContent") =>
                await _generate.GenerateAsync(context, cancellationToken).ConfigureAwait(false),
            ("POST", "", "models", not null, "countTokens") =>
                await _generate.CountTokensAsync(context, cancellationToken).ConfigureAwait(false),
            ("POST", "", "models", not null, "batchGenerateContent") =>
                await _batches.CreateAsync(context, cancellationToken).ConfigureAwait(false),
            ("POST", "", "interactions", null, null) =>
                await _interactions.CreateAsync(context, cancellationToken).ConfigureAwait(false),
            ("GET", "", "interactions", not null, null) => _interactions.Get(context),
            ("DELETE", "", "interactions", not null, null) => _interactions.Delete(context),
            ("POST", "", "interactions", not null, "cancel") => _interactions.Cancel(context),
            ("POST" or "PUT", "upload", "files", null, null) =>
                await _upload.HandleAsync(context, cancellationToken).ConfigureAwait(false),
            ("GET", "", "files", null, null) => _filesEndpoint.List(context),
            ("GET", "", "files", not null, null) => _filesEndpoint.Get(context),
            ("DELETE", "", "files", not null, null) => _filesEndpoint.Delete(context),
            ("GET", "" or "download", "files", not null, "download") => _filesEndpoint.Download(context),
            ("GET", "", "batches", null, null) => _batches.List(context),
            ("GET", "", "batches", not null, null) => _batches.Get(context),
            ("DELETE", "", "batches", not null, null) => _batches.Delete(context),
            ("POST", "", "batches", not null, "cancel") => _batches.Cancel(context),
            _ => NotFound(request),
        };
    }

    private static EmulatorResponse NotFound(EmulatorRequest request) => EmulatorResponse.Html(
        404, "Not Found", $"The requested URL {request.Path} was not found on this server.");

    // Vertex AI has other ways to store files and to run batches.
    private static bool IsServed(ApiPath path) =>
        !path.IsVertex || path is { Collection: "models", Verb: not "batchGenerateContent" };

    private static bool IsJsonStream(EmulatorRequest request) =>
        request.Path.EndsWith(":streamGenerateContent", StringComparison.Ordinal)
        && request.Query.GetValueOrDefault("alt") != "sse";

    private static TransportFault? ToTransport(FaultRule rule) => rule.Kind switch
    {
        FaultKind.Hang => new(TransportFaultKind.Hang, null),
        FaultKind.ResetBefore => new(TransportFaultKind.ResetBefore, null),
        FaultKind.ResetDuring => new(TransportFaultKind.ResetDuring, rule.Bytes),
        FaultKind.ResetAfter => new(TransportFaultKind.ResetAfter, null),
        FaultKind.Truncate => new(TransportFaultKind.Truncate, rule.Bytes),
        FaultKind.WrongContentLength => new(TransportFaultKind.WrongContentLength, rule.Bytes),
        FaultKind.OneByteChunks => new(TransportFaultKind.OneByteChunks, rule.Bytes),
        _ => null,
    };

    private static Dictionary<string, string> Masked(IReadOnlyDictionary<string, string> values)
    {
        Dictionary<string, string> masked = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in values)
        {
            bool isSecret = name.ToLowerInvariant() is "key" or "x-goog-api-key" or "authorization"
                or "x-emulator-token"
                or "cookie" or "access_token";
            masked[name] = isSecret ? "***" : value;
        }

        return masked;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Track(
        IAsyncEnumerable<ReadOnlyMemory<byte>> body,
        JournalEntry entry,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> chunk in body.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return chunk;
                if (Options.BytesPerSecond is { } rate)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)chunk.Length / rate), _clock, cancellationToken)
                        .ConfigureAwait(false);
                }
            }
            entry.IsDelivered = !entry.IsReplaced;
        }
        finally
        {
            if (entry is { IsBilled: true, IsDelivered: false, IsReplaced: false }) _counter.CountUndelivered();
            Journal.Changed(entry);
        }
    }
}
