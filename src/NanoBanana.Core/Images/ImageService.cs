using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Images;

/// <summary>Makes images: the way from a request to what it gives. One per connection; safe to use from many threads.</summary>
public sealed class ImageService : IDisposable
{
    private readonly RequestBuilder _builder;
    private readonly TimeProvider _time;

    /// <summary>Joins what a connection consists of.</summary>
    /// <param name="client">The service; disposed with this.</param>
    /// <param name="catalogue">The models.</param>
    /// <param name="composer">The wording around references; null for the built-in one.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public ImageService(GeminiClient client, ModelCatalogue catalogue, PromptComposer? composer = null, TimeProvider? time = null)
    {
        Client = client;
        Catalogue = catalogue;
        _time = time ?? TimeProvider.System;
        _builder = new RequestBuilder(catalogue, composer ?? PromptComposer.BuiltIn, _time);
    }

    private ImageService(ImageService other, GeminiClient client)
    {
        Client = client;
        Catalogue = other.Catalogue;
        _time = other._time;
        _builder = other._builder;
    }

    /// <summary>The service behind it.</summary>
    public GeminiClient Client { get; }

    /// <summary>The models it knows.</summary>
    public ModelCatalogue Catalogue { get; }

    /// <summary>The same service over the same connections, with another client's patience or observer.</summary>
    public ImageService With(GeminiClientOptions options) => new(this, Client.With(options));

    /// <summary>Checks a request and composes what would be sent; sends nothing.</summary>
    /// <exception cref="NbException">The request is wrong; the error says what to change.</exception>
    public PreparedRequest Prepare(ImageRequest request) => _builder.Build(request);

    /// <summary>Sends a request and reads its images.</summary>
    /// <param name="request">From <see cref="Prepare"/>.</param>
    /// <param name="sink">Where the bytes go as they arrive.</param>
    /// <param name="cancellationToken">Ends the call at once; it may have been billed all the same.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="NbException">The call failed, or its answer has no image.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ImmutableArray<NbImage>> SendAsync(
        PreparedRequest request, BlobSink sink, CancellationToken cancellationToken = default)
    {
        Answer answer = await Client.GenerateAsync(request.Call, sink, cancellationToken).ConfigureAwait(false);
        return ImageReader.Read(request, answer, _time.GetUtcNow());
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
