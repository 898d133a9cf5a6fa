using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>A sidecar whose picture has another name by now. It gives way to a new picture of the old name, and goes on
/// telling of its own.</summary>
internal static class StraySidecar
{
    /// <summary>Frees a name for a picture that is about to take it. The caller holds the lock for naming.</summary>
    /// <param name="path">Full path the picture will have.</param>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public static void GiveWay(string path)
    {
        string sidecar = Sidecar.PathFor(path);
        if (File.Exists(path) || !File.Exists(sidecar)) return;
        string folder = Path.GetDirectoryName(path)!;
        string? renamed = ImageFile.List(folder).FirstOrDefault(picture =>
            !File.Exists(Sidecar.PathFor(picture)) && Sidecar.TellsOf(sidecar, Blob.FromFile(picture)));
        Disk.Move(sidecar, Sidecar.PathFor(renamed ?? FreeAside(path)), overwrite: false);
    }

    /// <summary>A free name in the folder of what others took the place of: neither a picture nor a sidecar has it.
    /// What lies there was paid for and may be wanted back.</summary>
    /// <param name="path">Full path it had.</param>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public static string FreeAside(string path)
    {
        string aside = Path.Combine(Path.GetDirectoryName(path)!, BlobStore.FolderName, BlobStore.ReplacedFolder);
        Inside.CheckStored(aside);
        Disk.CreateFolder(aside);
        string name = Path.GetFileNameWithoutExtension(path), extension = Path.GetExtension(path);
        for (int number = 1; ; number++)
        {
            string free = Path.Combine(aside, FormattableString.Invariant($"{name}-{number}{extension}"));
            if (!File.Exists(free) && !File.Exists(Sidecar.PathFor(free))) return free;
        }
    }
}
