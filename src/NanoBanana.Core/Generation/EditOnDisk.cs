using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Edits that an earlier, stopped command has made. Their names say which edit they are; their sidecars say
/// whether they are still up to date.</summary>
public static class EditOnDisk
{
    /// <summary>The image of an edit that needs not be made again: it lies in its place as it was saved, comes from the
    /// same picture by the same words, and was accepted where it is checked.</summary>
    /// <param name="request">The edit.</param>
    /// <param name="place">Where it would be saved.</param>
    /// <param name="rule">When it is good enough; null for always.</param>
    /// <returns>Null when it is to be made.</returns>
    public static NbImage? Find(PreparedRequest request, SaveTarget place, TryRule? rule) =>
        In(place).FirstOrDefault(image => image.Prompt == request.Request.Prompt
            && image.ParentSha256 == request.Request.Source?.Sha256
            && image.Model == request.Model.Id && image.Size == request.Size
            && image.AspectRatio == request.Call.AspectRatio
            && (request.IsRehearsal || image.Provenance is not { IsRehearsal: true })
            && (rule?.Checker is null || image.Verdict is { IsAccepted: true }));

    /// <summary>Makes room for a new image of an edit: what was made for it before, with other words or a lower score,
    /// goes to .nb/replaced. A file that somebody else made, or worked on, stays.</summary>
    /// <exception cref="NbException">It cannot be moved.</exception>
    internal static void SetAside(SaveTarget place)
    {
        foreach (NbImage image in In(place))
        {
            if (image.ParentSha256 is not null) ImageMove.Run(image, StraySidecar.FreeAside(image.Path!));
        }
    }

    // Files that are damaged, or that this module did not make, are left out.
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
                // A damaged file is not the picture that is looked for.
            }
            if (image is { Provenance: not null } && image.Sha256 == image.RecordedSha256) yield return image;
        }
    }
}
