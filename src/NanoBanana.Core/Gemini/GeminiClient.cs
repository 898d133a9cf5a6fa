using NanoBanana.Gemini.Http;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Talks to the Gemini API. Safe for use by many threads at once; keep one for as long as possible.</summary>
public sealed partial class GeminiClient : IDisposable
{
    private readonly Shared _shared;
    private readonly GeminiCredential _credential;
    private readonly bool _ownsHttp;
    private readonly HttpSender _sender;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="endpoint">Where the service is.</param>
    /// <param name="credential">Who calls.</param>
    /// <param name="options">Time limits and retries; null for the defaults.</param>
    /// <param name="handler">What carries the requests, such as the emulator; null for the network. It is not
    /// disposed.</param>
    public GeminiClient(
        GeminiEndpoint endpoint,
        GeminiCredential credential,
        GeminiClientOptions? options = null,
        HttpMessageHandler? handler = null)
        : this(endpoint, credential, options
            ?? new GeminiClientOptions(), new Shared(CreateHttp(handler)), ownsHttp: true)
    {
    }

    private GeminiClient(
        GeminiEndpoint endpoint, GeminiCredential credential, GeminiClientOptions options, Shared shared, bool ownsHttp)
    {
        Endpoint = endpoint;
        _credential = credential;
        _shared = shared;
        _ownsHttp = ownsHttp;
        _sender = new HttpSender(shared.Http, credential, options, endpoint.IsVertex);
        if (!endpoint.IsVertex) Interactions = new InteractionsApi(endpoint, _sender, Owner, shared.Kept);
        Api = options.Api == ModelApi.GenerateContent ? new GenerateContentApi(endpoint, _sender)
            : Interactions ?? throw ServiceErrors.NotOnVertex("Interactions API");
    }

    /// <summary>Where the service is.</summary>
    public GeminiEndpoint Endpoint { get; }

    /// <summary>Time limits and retries.</summary>
    public GeminiClientOptions Options => _sender.Options;

    /// <summary>Whether pictures are uploaded over these connections.</summary>
    internal UploadGate Uploads => _shared.Uploads;

    /// <summary>The way models are asked.</summary>
    internal IModelApi Api { get; }

    /// <summary>The way that keeps answers, whether or not models are asked by it; null where the service has
    /// none.</summary>
    internal InteractionsApi? Interactions { get; }

    /// <summary>Whether an answer that did not arrive can be fetched, without being paid again.</summary>
    public bool KeepsAnswers => Api.CanRecover;

    /// <summary>What the service keeps of what it is sent, and for how long, in a sentence.</summary>
    public string Storage => Endpoint.IsVertex ? "Vertex AI keeps no copy of requests."
        : Options.NoStore ? "The service is asked to keep no copy of requests."
        : KeepsAnswers ? "The service keeps requests, references and answers for 55 days, without billing for one day."
        : "The service keeps requests and references of paid projects for 55 days.";

    /// <summary>Whose files and jobs they are that are made here: a hash of the service's address and the key, or of
    /// the header that stands for it.</summary>
    internal string Owner =>
        Blob.HashOf($"{Endpoint.BaseUri.Authority}\n{Identity}")[..16];

    private string Identity => _credential.Identity is { Length: > 0 } identity ? identity : Options.Headers.Identity;

    /// <summary>A client with other options over the same connections; they live as long as this one.</summary>
    public GeminiClient With(GeminiClientOptions options) =>
        new(Endpoint, _credential, options, _shared, ownsHttp: false);

    /// <summary>Has the model answer. The answer's images and signatures go to the sink while they arrive.</summary>
    /// <exception cref="NbException">The service refused, was not reached, or gave no whole answer.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was canceled; the call may have been
    /// billed.</exception>
    internal Task<Answer> GenerateAsync(GenerateCall call, BlobSink sink,
        CancellationToken cancellationToken = default) =>
        Api.GenerateAsync(call, sink, scope: null, cancellationToken);

    /// <summary>The body that generateContent would be sent for a call, as JSON; pictures and signatures are only
    /// described.</summary>
    public string BodyOf(GenerateCall call) => RequestWriter.Write(Wired(call)).ToMaskedText();

    /// <summary>A call as this connection sends it, alone or in a job.</summary>
    internal GenerateCall Wired(GenerateCall call) => GenerateContentApi.Wired(call, Endpoint, Options);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp) _shared.Http.Dispose();
    }

    private static HttpClient CreateHttp(HttpMessageHandler? handler) =>
        new(handler ?? HttpSender.CreateHandler(),
            disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };

    // What clients with other options have in common.
    private sealed record Shared(HttpClient Http)
    {
        public UploadGate Uploads { get; } = new();

        public KeptAnswers Kept { get; } = new();
    }
}
