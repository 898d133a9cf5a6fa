using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>Makes images from requests. One per connection; thread-safe.</summary>
public sealed class ImageService : IDisposable
{
    // A file may expire in a long queue, so it is uploaded again; the limit guards against a service that loses every
    // file.
    private const int MaxReuploads = 2;

    private readonly RequestBuilder _builder;
    private readonly TimeProvider _time;

    /// <summary>Joins the parts of a connection.</summary>
    /// <param name="client">The service; disposed with this.</param>
    /// <param name="catalog">The models.</param>
    /// <param name="composer">The wording around references; null for the built-in one.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="uploads">The record of uploaded files; null to keep it as long as this object lives.</param>
    public ImageService(
        GeminiClient client, ModelCatalog catalog, PromptComposer? composer = null, TimeProvider? time = null,
            UploadCache? uploads = null)
    {
        Client = client;
        Catalog = catalog;
        Composer = composer ?? PromptComposer.BuiltIn;
        _time = time ?? TimeProvider.System;
        _builder = new RequestBuilder(catalog, Composer, _time, client.Api, client.Endpoint.IsVertex);
        Uploader = new Uploader(client, uploads ?? UploadCache.InMemory(), _time);
    }

    private ImageService(ImageService other, GeminiClient client, bool looksBack = false)
    {
        Client = client;
        Catalog = other.Catalog;
        Composer = other.Composer;
        _time = other._time;
        _builder = new RequestBuilder(Catalog, Composer, _time, client.Api, client.Endpoint.IsVertex, looksBack);
        Uploader = new Uploader(client, other.Uploader.Cache, _time);
        JudgeRules = other.JudgeRules;
        Allowance = other.Allowance;
    }

    /// <summary>The client of the service.</summary>
    public GeminiClient Client { get; }

    /// <summary>The models it knows.</summary>
    public ModelCatalog Catalog { get; }

    /// <summary>The wording around references.</summary>
    public PromptComposer Composer { get; }

    /// <summary>How pictures are judged.</summary>
    public JudgeRules JudgeRules { get; init; } = JudgeRules.BuiltIn;

    /// <summary>What all its calls may cost together; null for no limit.</summary>
    public Allowance? Allowance { get; init; }

    internal Uploader Uploader { get; }

    /// <summary>Whether the emulator answers in place of the service.</summary>
    internal bool IsOffline => Client.Endpoint.IsOffline;

    /// <summary>The same service over the same connections, with the timeouts or the observer of another
    /// client.</summary>
    public ImageService With(GeminiClientOptions options) => new(this, Client.With(options));

    /// <summary>The same service for past requests: it also accepts models that have been retired since.</summary>
    internal ImageService LookingBack() => new(this, Client, looksBack: true);

    /// <summary>A judge of pictures over the same connections.</summary>
    /// <param name="model">Id or alias; null for the default of the rules.</param>
    /// <param name="votes">How often each picture is judged.</param>
    /// <exception cref="NbException">There is no such judge (Nb.Judge.UnknownModel).</exception>
    public Judge Judge(string? model = null, int votes = 1) =>
        new(Client, JudgeRules, JudgeRules.Resolve(model, Catalog), votes) { IsRehearsal = IsOffline };

    /// <summary>Checks a request and composes what would be sent; sends nothing.</summary>
    /// <exception cref="NbException">The request is wrong; the error says what to change.</exception>
    public PreparedRequest Prepare(ImageRequest request) =>
        _builder.Build(request) with { IsRehearsal = IsOffline };

    /// <summary>Sends a request and reads its images. Pictures that are used repeatedly, or that would exceed the
    /// inline limit, are uploaded first.</summary>
    /// <param name="request">From <see cref="Prepare"/>.</param>
    /// <param name="sink">Where the bytes go as they arrive.</param>
    /// <param name="cancellationToken">Ends the call at once; it may have been billed all the same.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="NbException">The call failed, or its answer has no image.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<ImmutableArray<NbImage>> SendAsync(
        PreparedRequest request, BlobSink sink, CancellationToken cancellationToken = default)
    {
        (PreparedRequest sent, Answer answer) = await AnswerAsync(request, sink, scope: null, cancellationToken)
            .ConfigureAwait(false);
        return ImageReader.Read(sent, answer, _time.GetUtcNow(), sink.AnswersFolder);
    }

    /// <summary>Sends a request and returns its answer, without reading the images.</summary>
    /// <param name="request">From <see cref="Prepare"/>.</param>
    /// <param name="sink">Where the bytes go as they arrive.</param>
    /// <param name="scope">Accounts for the call, and is asked before each try, after the uploads; null for no
    /// accounting.</param>
    /// <param name="cancellationToken">Ends the call at once; it may have been billed all the same.</param>
    /// <returns>The request as it was sent, and what came back.</returns>
    internal async Task<(PreparedRequest Sent, Answer Answer)> AnswerAsync(
        PreparedRequest request, BlobSink sink, ICallScope? scope, CancellationToken cancellationToken)
    {
        GenerateCall call = request.Call;
        for (int reuploads = 0; ; reuploads++)
        {
            UploadedCall placed = await Uploader.PlaceAsync(call, request.Copies, cancellationToken)
                .ConfigureAwait(false);
            try
            {
                Answer answer = await Client.Api.GenerateAsync(placed.Call, sink, scope, cancellationToken)
                    .ConfigureAwait(false);
                return (request with { Call = placed.Call, Warnings = [.. request.Warnings, .. placed.Warnings] },
                    answer);
            }
            catch (NbException e) when (reuploads < MaxReuploads && Uploader.Forget(e, placed.Call))
            {
                // The file has expired: it is uploaded again.
            }
            catch (NbException e) when (Client.Api.HasForgotten(placed.Call, e))
            {
                // The service no longer has the earlier answer, so the history is sent once instead.
                foreach (Blob blob in call.Contents.SelectMany(turn => turn.Blobs)) blob.Verify();
                call = call with { PreviousAnswer = null };
            }
        }
    }

    /// <summary>Fetches the answer to a request that was sent before.</summary>
    /// <param name="answerId">The service's own id.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NbException">The service does not have it, or it could not be fetched now.</exception>
    internal async Task<Answer> RecoverAsync(string answerId, BlobSink sink, CancellationToken cancellationToken)
    {
        Answer? answer = Client.Interactions is not { } api ? null
            : await api.RecoverAsync(answerId, sink, cancellationToken).ConfigureAwait(false);
        return answer ?? throw AnswerErrors.Gone(answerId);
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
