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
    private string? _answerId;

    /// <summary>What is sent.</summary>
    public PreparedRequest Request => request;

    /// <summary>Where its images go.</summary>
    public SaveTarget Place => place;

    /// <summary>Whether its image is only what another is made of, which has the name: its own gets -model after
    /// it.</summary>
    public bool IsSource { get; init; }

    /// <summary>What it was asked for with, as it was given; its images carry it.</summary>
    public object? Input { get; init; }

    /// <inheritdoc/>
    public override string Name => Readable.Short(request.Request.Prompt);

    /// <inheritdoc/>
    public override ModelInfo Model => request.Model;

    /// <inheritdoc/>
    public override decimal? EstimatedCost => request.EstimatedCost + (Rule?.JudgingEstimate ?? 0);

    /// <summary>Whether what was made for it before makes room, so that its file keeps its name.</summary>
    public bool SetsAside { get; init; }

    internal override PreparedRequest Prepare() => request;

    internal override BlobSink OpenSink() => place.Sink;

    // From here on the answer can be fetched, whatever becomes of the connection and of this process.
    internal override void OnIdentified(string answerId)
    {
        if (place.Holder is not { } folder) return;
        _answerId = answerId;
        PendingAnswers.Add(folder, answerId, request, place, DateTimeOffset.UtcNow);
    }

    internal override void OnLost(NbException? error, DateTimeOffset sent)
    {
        // An answer with an id can be fetched later, and is counted then.
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
            // It stays, and the new one gets a number.
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
        // No earlier try gave a picture: the file has a try's number, and the plain name is free.
        NbImage promoted = all[0] == best ? TryFiles.TakePlace(best, TryFiles.Suffix(number > 0 ? number : Try))
            : TryFiles.Promote(all[0], best).Best;
        if (promoted.Path is { } path) place.Session.Add(path);
        return promoted;
    }
}
