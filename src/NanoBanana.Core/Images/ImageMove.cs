using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Moves and renames saved images together with their sidecars and the blobs of their conversations.</summary>
public static class ImageMove
{
    /// <summary>Moves an image.</summary>
    /// <param name="image">A saved image.</param>
    /// <param name="target">Full path of the new file; its folder is created when missing.</param>
    /// <param name="force">Replace a file that is there.</param>
    /// <returns>The image at its new path. The old file stays until the new one is complete.</returns>
    /// <exception cref="NbException">It is not saved, the target exists or cannot be written, or a blob of the
    /// conversation is missing or has changed.</exception>
    public static NbImage Run(NbImage image, string target, bool force = false)
    {
        if (image.Path is not { } source) throw ImageErrors.NotSaved(image.ToString());
        target = Path.GetFullPath(target);
        if (source == target) return image;
        bool isSameFile = string.Equals(source, target, StringComparison.OrdinalIgnoreCase);
        if (!force && !isSameFile && File.Exists(target)) throw FileErrors.Exists(target);
        string? sidecar = Sidecar.Find(source, image.Data);
        return Path.GetDirectoryName(source) == Path.GetDirectoryName(target)
            ? Rename(source, sidecar, target, force)
            : Carry(image, source, sidecar, target, force);
    }

    // Between the two renames, the sidecar can be found by the picture's hash.
    private static NbImage Rename(string source, string? sidecar, string target, bool force)
    {
        try
        {
            string folder = Path.GetDirectoryName(target)!;
            using FolderLock held = FolderLock.Shared(folder);
            using FolderLock naming = FolderLock.Naming(folder);
            if (sidecar != Sidecar.PathFor(target)) StraySidecar.GiveWay(target);
            if (sidecar is null && force) File.Delete(Sidecar.PathFor(target));
            Disk.Move(source, target, force);
            if (sidecar is not null) Disk.Move(sidecar, Sidecar.PathFor(target), overwrite: true);
            Disk.FlushFolder(folder);
            return ImageFile.Import(target);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(target, e);
        }
    }

    private static NbImage Carry(NbImage image, string source, string? sidecar, string target, bool force)
    {
        string moved = ImageFile.Save(image, target, force).Path!;
        try
        {
            // The picture is moved first: a sidecar alone can be found again, but a picture alone has lost its history.
            File.Delete(source);
            if (sidecar is not null) File.Delete(sidecar);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(source, e);
        }
        // Read again, because the conversation in memory still refers to the old file.
        return ImageFile.Import(moved);
    }
}
