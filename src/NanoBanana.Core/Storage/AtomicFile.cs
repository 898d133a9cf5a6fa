namespace NanoBanana.Storage;

/// <summary>Writes files that appear complete or not at all: they are written to a temporary file, flushed, then
/// renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="temporaryFolder">Folder for the temporary file, on the same volume as
    /// <paramref name="path"/>.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced; otherwise an <see cref="IOException"/> is
    /// thrown.</param>
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
