using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Finds edits that an earlier, stopped command has made. Their file names identify the edit; their sidecars
/// tell whether they are up to date.</summary>
public static class EditOnDisk
{
    /// <summary>The saved image of an edit that need not be made again: its file is unchanged, it was made from the
    /// same picture with the same request, and it was accepted if it is checked.</summary>
    /// <param name="request">The edit.</param>
    /// <param name="place">Where it would be saved.</param>
    /// <param name="rule">Decides whether it is good enough; null when every image is.</param>
    /// <returns>Null when the edit must be made.</returns>
    public static NbImage? Find(PreparedRequest request, SaveTarget place, TryRule? rule) =>
        In(place).FirstOrDefault(image => image.Prompt == request.Request.Prompt
            && image.ParentSha256 == request.Request.Source?.Sha256
            && image.Model == request.Model.Id && image.Size == request.Size
            && image.AspectRatio == request.Call.AspectRatio
            && (request.IsRehearsal || image.Provenance is not { IsRehearsal: true })
            && (rule?.Checker is null || image.Verdict is { IsAccepted: true }));

    /// <summary>Makes room for a new image of an edit: an earlier image, made with another request or with a lower
    /// score, is moved to .nb/replaced. Files that other programs made or changed stay.</summary>
    /// <exception cref="NbException">It cannot be moved.</exception>
    internal static void SetAside(SaveTarget place)
    {
        foreach (NbImage image in In(place))
        {
            if (image.ParentSha256 is not null) ImageMove.Run(image, StraySidecar.FreeAside(image.Path!));
        }
    }

    // Damaged files, and files this module did not make, are skipped.
    private static IEnumerable<NbImage> In(SaveTarget place)
    {
        if (place.Folder is not { } folder || place.Stem is not { } stem) yield break;
        foreach (PictureFormat format in PictureFormat.All)
        {
            string path = Path.Combine(folder, stem + format.Extension);
            if (!File.Exists(path) || !File.Exists(Sidecar.PathFor(path))) continue;
            NbImage? image = null;
            try
            {
                image = ImageFile.Import(path);
            }
            catch (NbException)
            {
                // A damaged file does not count as the picture.
            }
            if (image is { Provenance: not null } && image.Sha256 == image.RecordedSha256) yield return image;
        }
    }
}
