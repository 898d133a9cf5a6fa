using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>One request for an <see cref="ImageEngine"/>: what is sent, what is recorded, and where its images
/// go.</summary>
/// <remarks>The engine calls it from any thread, one call at a time.</remarks>
public abstract class Order
{
    /// <summary>Its name in errors.</summary>
    public abstract string Name { get; }

    /// <summary>The model that answers it.</summary>
    public abstract ModelInfo Model { get; }

    /// <summary>USD one live call is expected to cost; null when the price is unknown.</summary>
    public abstract decimal? EstimatedCost { get; }

    /// <summary>The id of its answer, when it was sent before and only the answer is fetched; null to send
    /// it.</summary>
    public virtual string? AnswerId => null;

    /// <summary>Decides whether its image is good enough; null when every image is accepted.</summary>
    public virtual TryRule? Rule { get; init; }

    /// <summary>Its tries that have ended.</summary>
    internal List<Outcome> Tries { get; } = [];

    /// <summary>The number of the current try, from 1.</summary>
    internal int Try => Finishing ?? Tries.Count + 1;

    /// <summary>The try of an earlier run that is being composed or checked; null for a new one.</summary>
    internal int? Finishing { get; set; }

    /// <summary>Whether its pictures were made by an earlier order, and only need to be composed or checked.</summary>
    internal virtual bool IsFinishing => false;

    /// <summary>Whether further tries are sent elsewhere, not by this engine.</summary>
    internal virtual bool IsTriedElsewhere => false;

    /// <summary>The tries made before this order, the first one first. Called once, not on the puller's
    /// thread.</summary>
    /// <exception cref="NbException">A picture cannot be read.</exception>
    internal virtual ImmutableArray<Outcome> Recall() => [];

    /// <summary>Called when it is not good enough and another try is made elsewhere.</summary>
    internal virtual void OnPostponed()
    {
    }

    /// <summary>Its place in the queue.</summary>
    internal long Number { get; set; }

    /// <summary>How often it returned to the queue because the service refused it as one too many.</summary>
    internal int Rounds { get; set; }

    /// <summary>When it may be sent again.</summary>
    internal DateTimeOffset NotBefore { get; set; }

    /// <summary>Called when it begins and money is set aside for it, on the puller's thread.</summary>
    internal virtual void OnBegun()
    {
    }

    /// <summary>The request to send. A request whose image could not be saved is refused here, before it is paid
    /// for.</summary>
    /// <exception cref="NbException">It cannot be sent.</exception>
    internal abstract PreparedRequest Prepare();

    /// <summary>Called with the request actually sent: a new try has another prompt.</summary>
    internal virtual void OnPrepared(PreparedRequest request)
    {
    }

    /// <summary>Where the answer's bytes go as they arrive.</summary>
    internal abstract BlobSink OpenSink();

    /// <summary>Called before a try is sent; see <see cref="Gemini.Http.ICallScope.OnSending"/>.</summary>
    /// <exception cref="NbException">The try may not be sent.</exception>
    internal virtual void OnSending(PreparedRequest request)
    {
    }

    /// <summary>Called when the service has given the answer an id; see
    /// <see cref="Gemini.Http.ICallScope.OnIdentified"/>.</summary>
    internal virtual void OnIdentified(string answerId)
    {
    }

    /// <summary>Called when a try gave no answer and another will follow, now or after the pause that the service asked
    /// for.</summary>
    internal virtual void OnTriedAgain(NbException error)
    {
    }

    /// <summary>Saves the images of the answer.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="cost">USD; null when unknown.</param>
    /// <returns>The images after saving, and the errors of those that could not be saved.</returns>
    internal abstract (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) Keep(
        ImmutableArray<NbImage> images, decimal? cost);

    /// <summary>Called before a composed picture replaces the model's own.</summary>
    /// <param name="made">The model's image, as it was saved.</param>
    /// <returns>The model's image under its new name beside the composed one.</returns>
    /// <exception cref="NbException">It cannot be renamed.</exception>
    internal virtual NbImage OnComposing(NbImage made) => made;

    /// <summary>Saves the composed picture, which replaces the model's; the model's picture stays beside it.</summary>
    /// <param name="made">The model's image, as it was saved.</param>
    /// <param name="composed">The composed picture.</param>
    /// <returns>The picture after saving.</returns>
    /// <exception cref="NbException">It cannot be saved.</exception>
    internal virtual NbImage KeepComposed(NbImage made, NbImage composed) => composed;

    /// <summary>Records the result of checking an image, which the image already carries.</summary>
    /// <param name="image">The image as saved.</param>
    /// <param name="failure">Why it could not be checked; null when it was checked.</param>
    /// <param name="isKnown">Whether an earlier result still holds, so that no judge was asked.</param>
    internal virtual void OnChecked(NbImage image, NbException? failure, bool isKnown)
    {
    }

    /// <summary>Moves the best try to the place of the first one.</summary>
    /// <param name="all">The image of each try that has one.</param>
    /// <param name="best">The best of them.</param>
    /// <returns>The best image after the move.</returns>
    internal virtual NbImage Promote(ImmutableArray<NbImage> all, NbImage best) => best;

    /// <summary>Called when all tries have ended.</summary>
    /// <param name="outcome">The outcome of all tries: the best image.</param>
    internal virtual void OnEnded(Outcome outcome)
    {
    }

    /// <summary>Called when it ended without an image.</summary>
    /// <param name="error">Why.</param>
    /// <param name="cost">USD it cost all the same; null when unknown or nothing.</param>
    internal virtual void OnFailed(NbException error, decimal? cost)
    {
    }

    /// <summary>Called when it may have been billed and there is no answer.</summary>
    /// <param name="error">Why; null when the run was ended from outside.</param>
    /// <param name="sent">When it was sent.</param>
    internal virtual void OnLost(NbException? error, DateTimeOffset sent)
    {
    }

    /// <summary>Called when it was not sent because the run ended, or because the service asked for a longer pause than
    /// the run waits.</summary>
    /// <param name="why">Null when the run was ended from outside.</param>
    internal virtual void OnHeldBack(NbException? why)
    {
    }
}
