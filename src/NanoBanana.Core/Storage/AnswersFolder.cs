namespace NanoBanana.Storage;

/// <summary>The folder <c>.nb/answers</c> beside saved images: answers that were paid for and gave no
/// picture.</summary>
internal static class AnswersFolder
{
    private static readonly string Below = Path.Combine(BlobStore.FolderName, "answers");

    /// <summary>The folder for such answers of an image folder.</summary>
    /// <param name="imageFolder">Full path.</param>
    public static string Of(string imageFolder) => Path.Combine(imageFolder, Below);

    /// <summary>The folders to try: the given folder, then the user's own.</summary>
    /// <param name="folder">Full path.</param>
    public static IEnumerable<string> Places(string folder) =>
        new[] { folder, UserFolders.Answers }.Distinct(StringComparer.Ordinal);

    /// <summary>Writes a file to the first folder that can be written.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="write">Writes its content.</param>
    /// <returns>Full path of the file; null when no folder can be written.</returns>
    public static string? TryWrite(string folder, string name, Action<Stream> write)
    {
        foreach (string place in Places(folder))
        {
            try
            {
                Directory.CreateDirectory(place);
                string path = Path.Combine(place, name);
                AtomicFile.Write(path, place, overwrite: true, write);
                return path;
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                // The next folder may have room.
            }
        }
        return null;
    }

    /// <summary>The image folder that a folder belongs to: the folder itself, unless it is one for answers.</summary>
    /// <param name="folder">Full path.</param>
    public static string Owner(string folder)
    {
        string end = Path.DirectorySeparatorChar + Below;
        return folder.EndsWith(end, StringComparison.Ordinal) ? folder[..^end.Length] : folder;
    }
}
