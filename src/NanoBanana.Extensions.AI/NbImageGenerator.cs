using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using NanoBanana.Conversations;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Requests;

namespace NanoBanana.Extensions.AI;

/// <summary>Gemini's image models behind the interface of Microsoft.Extensions.AI. Thread-safe.</summary>
/// <param name="service">The service; it stays the caller's to dispose.</param>
/// <param name="options">What it keeps to.</param>
public sealed class NbImageGenerator(ImageService service, NbImageGeneratorOptions options) : IImageGenerator
{
    /// <summary>Name of the additional property of a content that holds its <see cref="NbImage"/>: the picture with its
    /// conversation.</summary>
    public const string ImageProperty = "nanobanana.image";

    private readonly RequestReader _reader = new(service, options);

    /// <summary>Makes images, or changes the first of the originals.</summary>
    /// <param name="request">The prompt and the originals: the first is changed, the others are references.</param>
    /// <param name="options">Settings; what is not among them goes into the additional properties by the words of a
    /// manifest.</param>
    /// <param name="cancellationToken">Ends the calls at once; they may have been billed all the same.</param>
    /// <returns>Those images that came; an <see cref="ErrorContent"/> for each that did not.</returns>
    /// <exception cref="NbException">The request is wrong, or no image came.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<ImageGenerationResponse> GenerateAsync(ImageGenerationRequest request,
        ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        PreparedRequest prepared = service.Prepare(await _reader.ReadAsync(request, options, cancellationToken)
            .ConfigureAwait(false));
        RequestReader.CheckMediaType(options?.MediaType, prepared.Model);
        (ImmutableArray<NbImage> images, List<NbException> errors) = await MakeAsync(
            prepared, options?.Count ?? 1, cancellationToken).ConfigureAwait(false);
        if (images.IsEmpty) throw errors[0];
        return new ImageGenerationResponse(
            [.. images.Select(image => ContentOf(image, options?.ResponseFormat)), .. errors.Select(ErrorOf)])
        {
            RawRepresentation = images,
            Usage = UsageOf(images),
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType.IsInstanceOfType(this)) return this;
        if (serviceType.IsInstanceOfType(service)) return service;
        return serviceType != typeof(ImageGeneratorMetadata) ? null : new ImageGeneratorMetadata(
            "gcp.gemini", service.Client.Endpoint.BaseUri, options.Model ?? service.Catalog.DefaultModel);
    }

    /// <summary>Does nothing: the service is the caller's.</summary>
    public void Dispose()
    {
    }

    private async Task<(ImmutableArray<NbImage> Images, List<NbException> Errors)> MakeAsync(
        PreparedRequest prepared, int count, CancellationToken canceled)
    {
        var images = ImmutableArray.CreateBuilder<NbImage>();
        var errors = new List<NbException>();
        var place = new SaveTarget(File: null, options.Folder, Force: false, new SaveSession());
        place.Check();
        var rules = new TryRules(
            service, path => BrandPolicy.Load(Path.GetFullPath(path), _reader.AnchorOf), Path.GetFullPath);
        TryRule? rule = rules.For(prepared, mayBeAlone: false);
        rules.DemandUsed(prepared.Request);
        await rules.DemandJudgesAsync(canceled).ConfigureAwait(false);
        var engine = new ImageEngine(
            service, new EngineOptions { ThrottleLimit = options.ThrottleLimit, Budget = options.Budget }, canceled);
        await using (engine.ConfigureAwait(false))
        {
            for (int made = 0; made < count; made++) engine.Add(new SingleOrder(prepared, place) { Rule = rule });
            while (await engine.NextAsync().ConfigureAwait(false) is { } step)
            {
                if (step.Outcome is not { } outcome) continue;
                images.AddRange(outcome.Images);
                NbException? error = outcome.Error ?? outcome.Unsaved.FirstOrDefault() ?? outcome.Unchecked;
                if (error is not null) errors.Add(error);
            }
            // What is paid for is told, whatever else went wrong.
            if (images.Count == 0) canceled.ThrowIfCancellationRequested();
            if (engine.Fatal is { } fatal && errors.Count == 0) errors.Add(fatal);
        }
        return (images.ToImmutable(), errors);
    }

    private static AIContent ContentOf(NbImage image, ImageGenerationResponseFormat? format)
    {
        AIContent content = format == ImageGenerationResponseFormat.Uri && image.Path is { } path
            ? new UriContent(new Uri(path), image.MimeType)
            : new DataContent(image.GetBytes(), image.MimeType) { Name = Path.GetFileName(image.Path) };
        content.RawRepresentation = image;
        content.AdditionalProperties = new AdditionalPropertiesDictionary { [ImageProperty] = image };
        return content;
    }

    private static AIContent ErrorOf(NbException error) => new ErrorContent(error.Message)
    {
        ErrorCode = error.ErrorId,
        Details = error.Advice,
        RawRepresentation = error,
    };

    private static UsageDetails? UsageOf(IEnumerable<NbImage> images)
    {
        UsageDetails? sum = null;
        // Images of one answer share its count.
        foreach (TokenCount tokens in images.DistinctBy(image => image.ResponseId ?? image.Sha256)
            .Select(image => image.Usage).OfType<TokenCount>())
        {
            (sum ??= new UsageDetails()).Add(new UsageDetails
            {
                InputTokenCount = tokens.PromptTokens,
                OutputTokenCount = tokens.CandidateTokens + tokens.ThoughtTokens,
                ReasoningTokenCount = tokens.ThoughtTokens,
                TotalTokenCount = tokens.TotalTokens,
            });
        }
        return sum;
    }
}
