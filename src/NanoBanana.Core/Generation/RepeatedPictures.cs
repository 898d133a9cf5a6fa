using System.Collections.Concurrent;
using System.Collections.Immutable;
using NanoBanana.Images;

namespace NanoBanana.Generation;

/// <summary>Remembers the pictures received so far: two answers with the same bytes come from a cache on the way, not
/// from a model. Thread-safe.</summary>
internal sealed class RepeatedPictures
{
    private const string Warning =
        "Another answer had the very same picture. Something between here and the service may answer from a cache.";

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>The images of one answer, with a warning on those whose bytes were received before.</summary>
    public ImmutableArray<NbImage> Marked(ImmutableArray<NbImage> images) =>
        [.. images.Select(image =>
            image is NbText || _seen.TryAdd(image.Sha256, true) ? image
                : image with { Warnings = image.Warnings.Add(Warning) })];
}
