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
