using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>One request on its way through an <see cref="ImageEngine"/>: what is sent, what is put on record, and where
/// its images go.</summary>
/// <remarks>The engine calls it from any thread, one call at a time.</remarks>
public abstract class Order
{
    /// <summary>What errors call it.</summary>
    public abstract string Name { get; }

    /// <summary>The model that is asked.</summary>
    public abstract ModelInfo Model { get; }

    /// <summary>USD one live call is expected to cost; null when the price is unknown.</summary>
    public abstract decimal? EstimatedCost { get; }

    /// <summary>The id of its answer, where it was sent before and only the answer is to be fetched; null to send
    /// it.</summary>
    public virtual string? AnswerId => null;

    /// <summary>When its image is good enough; null when every one is taken as it is.</summary>
    public virtual TryRule? Rule { get; init; }

    /// <summary>Its tries that have ended.</summary>
    internal List<Outcome> Tries { get; } = [];

    /// <summary>Which try it is on, from 1.</summary>
    internal int Try => Finishing ?? Tries.Count + 1;

    /// <summary>The try of an earlier run that is being composed or checked; null for a new one.</summary>
    internal int? Finishing { get; set; }

    /// <summary>Whether its pictures are there, made by an earlier order, and are only to be composed or
    /// checked.</summary>
    internal virtual bool IsFinishing => false;

    /// <summary>Whether another try is not this engine's to send.</summary>
    internal virtual bool IsTriedElsewhere => false;

    /// <summary>The tries that were made before this order, the first one first; asked for once, off the puller's
    /// thread.</summary>
    /// <exception cref="NbException">A picture cannot be read.</exception>
    internal virtual ImmutableArray<Outcome> Recall() => [];

    /// <summary>It is not good enough, and another try is made elsewhere.</summary>
    internal virtual void OnPostponed()
    {
    }

    /// <summary>Its place in the queue.</summary>
    internal long Number { get; set; }

    /// <summary>How often it was put back because the service said too many requests.</summary>
    internal int Rounds { get; set; }

    /// <summary>When it may be sent again.</summary>
    internal DateTimeOffset NotBefore { get; set; }

    /// <summary>It is begun: money is set aside for it. Called on the puller's thread.</summary>
    internal virtual void OnBegun()
    {
    }

    /// <summary>The request as it is sent. What cannot be saved is refused here, before it is paid for.</summary>
    /// <exception cref="NbException">It cannot be sent.</exception>
    internal abstract PreparedRequest Prepare();

    /// <summary>The request as it is really sent: a new try has other words.</summary>
    internal virtual void OnPrepared(PreparedRequest request)
    {
    }

    /// <summary>Where the answer's bytes go as they arrive.</summary>
    internal abstract BlobSink OpenSink();

    /// <summary>A try is about to be sent; see <see cref="Gemini.Http.ICallScope.OnSending"/>.</summary>
    /// <exception cref="NbException">It may not be sent.</exception>
    internal virtual void OnSending(PreparedRequest request)
    {
    }

    /// <summary>The service named the answer; see <see cref="Gemini.Http.ICallScope.OnIdentified"/>.</summary>
    internal virtual void OnIdentified(string answerId)
    {
    }

    /// <summary>A try gave no answer, and another will be made: now, or when the service has had its pause.</summary>
    internal virtual void OnTriedAgain(NbException error)
    {
    }

    /// <summary>Saves the images of the answer.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="cost">USD; null when unknown.</param>
    /// <returns>The images as they are now, and why some of them could not be saved.</returns>
    internal abstract (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, decimal? cost);

    /// <summary>Another picture is about to stand for the model's own.</summary>
    /// <param name="made">The model's own, as it was kept.</param>
    /// <returns>The same under the name that it has beside the other.</returns>
    /// <exception cref="NbException">It cannot have it.</exception>
    internal virtual NbImage OnComposing(NbImage made) => made;

    /// <summary>Saves the picture that stands for the model's own, which was kept and stays beside it.</summary>
    /// <param name="made">The model's own, as it was kept.</param>
    /// <param name="composed">What stands for it.</param>
    /// <returns>The picture as it is now.</returns>
    /// <exception cref="NbException">It cannot be saved.</exception>
    internal virtual NbImage KeepComposed(NbImage made, NbImage composed) => composed;

    /// <summary>Puts on record what checking an image found, which is in the image already.</summary>
    /// <param name="image">As it was kept.</param>
    /// <param name="failure">Why it could not be checked; null when it was.</param>
    /// <param name="isKnown">Whether an earlier finding still holds, and nobody was asked.</param>
    internal virtual void OnChecked(NbImage image, NbException? failure, bool isKnown)
    {
    }

    /// <summary>Gives the best try the place that the first one has.</summary>
    /// <param name="all">The image of each try that has one.</param>
    /// <param name="best">One of them.</param>
    /// <returns>The best as it is now.</returns>
    internal virtual NbImage Promote(ImmutableArray<NbImage> all, NbImage best) => best;

    /// <summary>All tries have ended.</summary>
    /// <param name="outcome">What came of all of them: the best.</param>
    internal virtual void OnEnded(Outcome outcome)
    {
    }

    /// <summary>It ended without an image.</summary>
    /// <param name="error">Why.</param>
    /// <param name="cost">USD it cost all the same; null when unknown or nothing.</param>
    internal virtual void OnFailed(NbException error, decimal? cost)
    {
    }

    /// <summary>It may have been billed, and no answer is at hand.</summary>
    /// <param name="error">Why; null when the run was ended from outside.</param>
    /// <param name="sent">When it was sent.</param>
    internal virtual void OnLost(NbException? error, DateTimeOffset sent)
    {
    }

    /// <summary>It was not sent, for no reason of its own: the run ended, or the service wants a longer pause than the
    /// run waits.</summary>
    /// <param name="why">Null when the run was ended from outside.</param>
    internal virtual void OnHeldBack(NbException? why)
    {
    }
}
