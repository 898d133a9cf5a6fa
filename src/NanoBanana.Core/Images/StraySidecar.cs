using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>A sidecar whose picture has another name by now. It gives way to a new picture of the old name, and goes on
/// telling of its own.</summary>
internal static class StraySidecar
{
    /// <summary>Frees a name for a picture that is about to take it. The caller holds the lock for naming.</summary>
    /// <param name="path">Full path the picture will have.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void GiveWay(string path)
    {
        string sidecar = Sidecar.PathFor(path);
        if (File.Exists(path) || !File.Exists(sidecar)) return;
        string folder = Path.GetDirectoryName(path)!;
        string? renamed = ImageFile.List(folder).FirstOrDefault(picture =>
            !File.Exists(Sidecar.PathFor(picture)) && Sidecar.TellsOf(sidecar, Blob.FromFile(picture)));
        Disk.Move(sidecar, renamed is null ? Spare(folder, path) : Sidecar.PathFor(renamed), overwrite: false);
    }

    // Its picture is elsewhere and may come back.
    private static string Spare(string folder, string path)
    {
        string aside = Path.Combine(folder, BlobStore.FolderName, BlobStore.ReplacedFolder);
        Inside.CheckStored(aside);
        Disk.CreateFolder(aside);
        string name = Path.GetFileNameWithoutExtension(path), extension = Path.GetExtension(path), free;
        int number = 0;
        do
        {
            free = Sidecar.PathFor(Path.Combine(aside, FormattableString.Invariant($"{name}-{++number}{extension}")));
        }
        while (File.Exists(free));
        return free;
    }
}
