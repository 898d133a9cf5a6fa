using NanoBanana.Gemini.Http;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Calls the Gemini API. Thread-safe; keep one instance for as long as possible.</summary>
public sealed partial class GeminiClient : IDisposable
{
    private readonly Shared _shared;
    private readonly GeminiCredential _credential;
    private readonly bool _ownsHttp;
    private readonly HttpSender _sender;

    /// <summary>A client with its own connections.</summary>
    /// <param name="endpoint">Where the service is.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="options">Time limits and retries; null for the defaults.</param>
    /// <param name="handler">The message handler, such as the emulator's; null for the network. It is not
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

    /// <summary>Decides whether pictures are uploaded over these connections.</summary>
    internal UploadGate Uploads => _shared.Uploads;

    /// <summary>The API in use.</summary>
    internal IModelApi Api { get; }

    /// <summary>The API that keeps answers, whether or not it is in use; null when the service has none.</summary>
    internal InteractionsApi? Interactions { get; }

    /// <summary>Whether a lost answer can be fetched without paying again.</summary>
    public bool KeepsAnswers => Api.CanRecover;

    /// <summary>A sentence on what the service stores, and for how long.</summary>
    public string Storage => Endpoint.IsVertex ? "Vertex AI keeps no copy of requests."
        : Options.NoStore ? "The service is asked to keep no copy of requests."
        : KeepsAnswers ? "The service keeps requests, references and answers for 55 days, without billing for one day."
        : "The service keeps requests and references of paid projects for 55 days.";

    /// <summary>The owner of files and jobs made here: a hash of the service's address and the key, or of the header
    /// that replaces it.</summary>
    internal string Owner =>
        Blob.HashOf($"{Endpoint.BaseUri.Authority}\n{Identity}")[..16];

    private string Identity => _credential.Identity is { Length: > 0 } identity ? identity : Options.Headers.Identity;

    /// <summary>A client with other options over the same connections; they live as long as this one.</summary>
    public GeminiClient With(GeminiClientOptions options) =>
        new(Endpoint, _credential, options, _shared, ownsHttp: false);

    /// <summary>Asks the model. The answer's images and signatures go to the sink while they arrive.</summary>
    /// <exception cref="NbException">The service refused, was not reached, or gave no complete answer.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was canceled; the call may have been
    /// billed.</exception>
    internal Task<Answer> GenerateAsync(GenerateCall call, BlobSink sink,
        CancellationToken cancellationToken = default) =>
        Api.GenerateAsync(call, sink, scope: null, cancellationToken);

    /// <summary>The body that would be sent for a call by this connection's way to ask, as JSON; pictures and
    /// signatures are only described. Answers that the service keeps are not looked for.</summary>
    public string BodyOf(GenerateCall call) => Api.BodyOf(call).ToMaskedText();

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

    // The state shared by clients with other options.
    private sealed record Shared(HttpClient Http)
    {
        public UploadGate Uploads { get; } = new();

        public KeptAnswers Kept { get; } = new();
    }
}
