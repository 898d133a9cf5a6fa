using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>An order that only fetches an answer already paid for.</summary>
/// <param name="answer">From <see cref="PendingAnswers.In"/>.</param>
/// <param name="catalog">The models.</param>
/// <param name="place">Where its images are saved.</param>
public sealed class PendingOrder(PendingAnswer answer, ModelCatalog catalog, SaveTarget place) : Order
{
    /// <summary>The answer to fetch.</summary>
    public PendingAnswer Answer => answer;

    /// <inheritdoc/>
    public override string Name => Readable.Short(answer.Prompt);

    /// <inheritdoc/>
    public override ModelInfo Model { get; } = catalog.Resolve(answer.Model, DateOnly.MinValue);

    /// <inheritdoc/>
    public override decimal? EstimatedCost => 0;

    /// <inheritdoc/>
    public override string? AnswerId => answer.Id;

    internal override PreparedRequest Prepare() => new()
    {
        Request = new ImageRequest { Prompt = answer.Prompt, AspectRatio = answer.AspectRatio, Size = answer.Size },
        Model = Model,
        Call = new GenerateCall
        {
            Model = answer.Model,
            Contents = answer.Contents,
            AspectRatio = answer.AspectRatio,
        },
        Prompt = answer.ComposedPrompt,
        References = answer.References,
        Size = answer.Size,
        RequestHash = answer.RequestHash,
    };

    internal override BlobSink OpenSink() => place.Sink;

    internal override (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, decimal? cost)
    {
        (ImmutableArray<NbImage> kept, ImmutableArray<NbException> unsaved) =
            place.SaveAll([.. images.Select(image => image with { ParentSha256 = answer.Parent })]);
        if (unsaved.IsEmpty) PendingAnswers.Remove(answer.Folder, answer.Id);
        return (kept, unsaved);
    }

    internal override void OnFailed(NbException error, decimal? cost)
    {
        if (PendingAnswers.IsFinal(error)) PendingAnswers.Remove(answer.Folder, answer.Id);
    }
}
