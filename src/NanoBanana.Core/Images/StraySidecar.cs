using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>A sidecar whose picture was renamed. It makes room for a new picture of the old name, and still belongs to
/// its own picture.</summary>
internal static class StraySidecar
{
    /// <summary>Frees a name for a new picture. The caller holds the lock for naming.</summary>
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

    /// <summary>Finds a free name in the folder of replaced pictures, used by neither a picture nor a sidecar, because
    /// replaced pictures were paid for and may be needed again.</summary>
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
