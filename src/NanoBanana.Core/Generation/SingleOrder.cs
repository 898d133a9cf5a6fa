using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>A request outside any batch: its only record is its images.</summary>
/// <param name="request">From <see cref="ImageService.Prepare"/>.</param>
/// <param name="place">Where its images are saved as they arrive, even when the caller has stopped: they are paid
/// for.</param>
public sealed class SingleOrder(PreparedRequest request, SaveTarget place) : Order
{
    private string? _answerId;

    /// <summary>What is sent.</summary>
    public PreparedRequest Request => request;

    /// <summary>Where its images go.</summary>
    public SaveTarget Place => place;

    /// <summary>Whether a composed image gets its name: the model's own image is then saved with the suffix
    /// -model.</summary>
    public bool IsSource { get; init; }

    /// <summary>The object the caller asked with; its images carry it.</summary>
    public object? Input { get; init; }

    /// <inheritdoc/>
    public override string Name => Readable.Short(request.Request.Prompt);

    /// <inheritdoc/>
    public override ModelInfo Model => request.Model;

    /// <inheritdoc/>
    public override decimal? EstimatedCost => request.EstimatedCost + (Rule?.JudgingEstimate ?? 0);

    /// <summary>Whether an earlier image is moved away, so that the new file gets its name.</summary>
    public bool SetsAside { get; init; }

    internal override PreparedRequest Prepare() => request;

    internal override BlobSink OpenSink() => place.Sink;

    // From here on the answer can be fetched, even after the connection or this process has ended.
    internal override void OnIdentified(string answerId)
    {
        if (place.Holder is not { } folder) return;
        _answerId = answerId;
        PendingAnswers.Add(folder, answerId, request, place, DateTimeOffset.UtcNow);
    }

    internal override void OnLost(NbException? error, DateTimeOffset sent)
    {
        // An answer with an id can be fetched later; it is counted then.
        if (_answerId is not null) return;
        new RefusedCall
        {
            Prompt = request.Request.Prompt,
            Model = request.Model.Id,
            AnswerId = $"{request.RequestHash[..16]} {sent.UtcTicks}",
            At = sent,
            Reason = error?.ErrorId,
            Estimate = request.EstimatedCost,
            IsUncertain = true,
            IsRehearsal = request.IsRehearsal,
        }.Save(place.Sink.AnswersFolder);
    }

    internal override (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, decimal? cost) =>
        Keep(images, Rule?.Protection is null && !IsSource ? "" : TryFiles.OfModel);

    internal override NbImage KeepComposed(NbImage made, NbImage composed) =>
        (place with { Suffix = TryFiles.Suffix(Try) }).Save(composed);

    private (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, string suffix)
    {
        if (SetsAside && Try == 1) MakeRoom();
        (ImmutableArray<NbImage> kept, ImmutableArray<NbException> unsaved) =
            (place with { Suffix = TryFiles.Suffix(Try) + suffix }).SaveAll(images);
        if (unsaved.IsEmpty) Forget();
        return (kept, unsaved);
    }

    private void MakeRoom()
    {
        try
        {
            EditOnDisk.SetAside(place);
        }
        catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
        {
            // The earlier file stays, and the new one gets a number.
        }
    }

    internal override void OnFailed(NbException error, decimal? cost)
    {
        if (PendingAnswers.IsFinal(error)) Forget();
    }

    private void Forget()
    {
        if (_answerId is { } id && place.Holder is { } folder) PendingAnswers.Remove(folder, id);
    }

    internal override NbImage Promote(ImmutableArray<NbImage> all, NbImage best)
    {
        int number = 1 + Tries.FindIndex(one => one.Images.Contains(best));
        // The file has a try's number although no earlier try gave a picture, so the plain name is free.
        NbImage promoted = all[0] == best ? TryFiles.TakePlace(best, TryFiles.Suffix(number > 0 ? number : Try))
            : TryFiles.Promote(all[0], best).Best;
        if (promoted.Path is { } path) place.Session.Add(path);
        return promoted;
    }
}
