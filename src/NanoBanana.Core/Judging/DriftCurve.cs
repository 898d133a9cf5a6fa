using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>How a picture drifts from the first one, edit by edit; measured from files, without a model.</summary>
public static class DriftCurve
{
    // Guards against a chain that refers to itself.
    private const int Longest = 10_000;

    /// <summary>The pictures that led to an image, oldest first, the image last.</summary>
    /// <remarks>They are read from its conversation. When an edit started a new conversation, the previous picture is
    /// searched in the image's folder.</remarks>
    internal static IReadOnlyList<NbImage> Chain(NbImage image)
    {
        var chain = new List<NbImage> { image };
        var seen = new HashSet<string>(StringComparer.Ordinal) { image.Sha256 };
        string? folder = Path.GetDirectoryName(image.Path);
        Lazy<Dictionary<string, string>> saved = new(() => ImageFile.HashesIn(folder));
        for (NbImage current = image; chain.Count < Longest;)
        {
            NbImage? parent = current.ParentSha256 is { } hash && saved.Value.TryGetValue(hash, out string? path)
                ? ImageFile.Import(path) : current.Parent;
            if (parent is null || !seen.Add(parent.Sha256)) break;
            chain.Add(parent);
            current = parent;
        }
        chain.Reverse();
        return chain;
    }

    /// <summary>Measures the chain that led to an image.</summary>
    /// <param name="meter">The measuring extension.</param>
    /// <param name="image">The last picture.</param>
    /// <param name="options">What to leave out of the comparison.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A point for each picture after the first, measured lazily.</returns>
    /// <exception cref="NbException">The image was not made from another (Nb.Picture.NothingToCompare), or a picture
    /// cannot be read.</exception>
    public static IEnumerable<DriftPoint> Measure(IPictureMeter meter, NbImage image, DriftOptions options,
        CancellationToken cancellationToken = default)
    {
        IReadOnlyList<NbImage> chain = Chain(image);
        if (chain.Count < 2) throw Pictures.PictureErrors.NothingToCompare(image.ToString());
        return Points();

        IEnumerable<DriftPoint> Points()
        {
            for (int step = 1; step < chain.Count; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                PictureDrift fromFirst = meter.Drift(chain[0].ToSource(), chain[step].ToSource(), options,
                    cancellationToken);
                yield return new DriftPoint
                {
                    Step = step,
                    Image = chain[step],
                    FromFirst = fromFirst,
                    FromPrevious = step == 1 ? fromFirst : meter.Drift(chain[step - 1].ToSource(),
                        chain[step].ToSource(), options, cancellationToken),
                };
            }
        }
    }
}
