using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>A request that stands alone: nothing is on record of it but the images it gives.</summary>
/// <param name="request">From <see cref="ImageService.Prepare"/>.</param>
/// <param name="place">Where its images are saved as they arrive, whether or not somebody still takes them: they are
/// paid for.</param>
public sealed class SingleOrder(PreparedRequest request, SaveTarget place) : Order
{
    /// <summary>What is sent.</summary>
    public PreparedRequest Request => request;

    /// <summary>Where its images go.</summary>
    public SaveTarget Place => place;

    /// <inheritdoc/>
    public override string Name => Readable.Short(request.Request.Prompt);

    /// <inheritdoc/>
    public override ModelInfo Model => request.Model;

    /// <inheritdoc/>
    public override decimal? EstimatedCost => request.EstimatedCost + (Rule?.JudgingEstimate ?? 0);

    internal override PreparedRequest Prepare() => request;

    internal override BlobSink OpenSink() => place.Sink;

    internal override void OnLost(NbException? error, DateTimeOffset sent) => new RefusedCall
    {
        Prompt = request.Request.Prompt,
        Model = request.Model.Id,
        AnswerId = $"{request.RequestHash[..16]} {sent.UtcTicks}",
        At = sent,
        Reason = error?.ErrorId,
        Estimate = request.EstimatedCost,
        IsUncertain = true,
    }.Save(place.Sink.AnswersFolder);

    internal override (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, decimal? cost) =>
        Keep(images, Rule?.Protection is null ? "" : TryFiles.OfModel);

    internal override NbImage KeepComposed(NbImage made, NbImage composed) =>
        (place with { Suffix = TryFiles.Suffix(Try) }).Save(composed);

    private (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, string suffix)
    {
        var kept = ImmutableArray.CreateBuilder<NbImage>(images.Length);
        var unsaved = ImmutableArray.CreateBuilder<NbException>();
        foreach (NbImage image in images)
        {
            try
            {
                kept.Add((place with { Suffix = TryFiles.Suffix(Try) + suffix }).Save(image));
            }
            catch (NbException e)
            {
                kept.Add(image);
                unsaved.Add(e);
            }
        }
        return (kept.ToImmutable(), unsaved.ToImmutable());
    }

    internal override NbImage Promote(NbImage first, NbImage best)
    {
        NbImage promoted = TryFiles.Promote(first, best).Best;
        if (promoted.Path is { } path) place.Session.Add(path);
        return promoted;
    }
}
