using System.Collections.Immutable;
using System.Threading.Channels;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Requests in progress, at most so many at once, pulled by one thread in the order they finish.</summary>
/// <remarks>It has no thread and no callback of its own: the caller that adds requests also takes their outcomes.</remarks>
public sealed class ImageQueue(ImageService service, int throttleLimit, CancellationToken cancellationToken)
{
    private readonly Channel<ImageOutcome> _finished = Channel.CreateUnbounded<ImageOutcome>(
        new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Requests that have been added and not yet taken.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one must be taken before another is added.</summary>
    public bool IsFull => Count >= throttleLimit;

    /// <summary>Sends a request.</summary>
    /// <param name="request">From <see cref="ImageService.Prepare"/>.</param>
    /// <param name="place">Where the images are saved as they arrive, whether or not somebody still takes them: they are paid for.</param>
    /// <exception cref="InvalidOperationException">The queue is full.</exception>
    public void Add(PreparedRequest request, ImagePlace place)
    {
        if (IsFull) throw new InvalidOperationException("Take an outcome before adding to a full queue.");
        Count++;
        // On the pool: hashing and reading references must not hold up the thread that adds.
        _ = Task.Run(() => SendAsync(request, place), CancellationToken.None);
    }

    /// <summary>Waits for the next outcome. Never fails: what went wrong stands in the outcome.</summary>
    /// <exception cref="InvalidOperationException">No request is in progress.</exception>
    public async Task<ImageOutcome> TakeAsync()
    {
        if (Count == 0) throw new InvalidOperationException("No request is in progress.");
        ImageOutcome outcome = await _finished.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        Count--;
        return outcome;
    }

    private async Task SendAsync(PreparedRequest request, ImagePlace place)
    {
        ImageOutcome outcome;
        try
        {
            outcome = Saved(request, await service.SendAsync(request, place.Sink, cancellationToken).ConfigureAwait(false), place);
        }
        // Whatever it is, it belongs to this request: the taker decides.
        catch (Exception e)
        {
            outcome = new ImageOutcome(request, place, [], e);
        }
        _finished.Writer.TryWrite(outcome);
    }

    private static ImageOutcome Saved(PreparedRequest request, ImmutableArray<NbImage> images, ImagePlace place)
    {
        var kept = ImmutableArray.CreateBuilder<NbImage>(images.Length);
        var unsaved = ImmutableArray.CreateBuilder<NbException>();
        foreach (NbImage image in images)
        {
            try
            {
                kept.Add(place.Save(image));
            }
            catch (NbException e)
            {
                kept.Add(image);
                unsaved.Add(e);
            }
        }
        return new ImageOutcome(request, place, kept.ToImmutable(), null) { Unsaved = unsaved.ToImmutable() };
    }
}
