namespace NanoBanana.Storage;

/// <summary>Files that appear whole or not at all: written beside their place, flushed, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where it should appear.</param>
    /// <param name="temporaryFolder">Where it grows; on the same volume as <paramref name="path"/>.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced; otherwise it stays and an
    /// <see cref="IOException"/> says so.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="later">Flushes the file with others, once it has its name; null to flush it before.</param>
    public static void Write(
        string path, string temporaryFolder, bool overwrite, Action<Stream> write, FlushSet? later = null)
    {
        string temporary = NewTemporaryPath(temporaryFolder);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                if (later is null) Disk.Flush(stream);
            }
            Disk.Move(temporary, path, overwrite);
            if (later is null) Disk.FlushFolder(Path.GetDirectoryName(path)!);
            else later.Add(path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public static string NewTemporaryPath(string folder, string prefix = "")
    {
        Inside.CheckStored(folder);
        Disk.CreateFolder(folder);
        return Path.Combine(folder, prefix + Path.GetRandomFileName());
    }
}
