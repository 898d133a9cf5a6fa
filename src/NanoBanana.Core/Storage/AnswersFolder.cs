namespace NanoBanana.Storage;

/// <summary>The folder <c>.nb/answers</c> beside saved images: answers that were paid for and gave no
/// picture.</summary>
internal static class AnswersFolder
{
    private static readonly string Below = Path.Combine(BlobStore.FolderName, "answers");

    /// <summary>Where a folder of images keeps them.</summary>
    /// <param name="imageFolder">Full path.</param>
    public static string Of(string imageFolder) => Path.Combine(imageFolder, Below);

    /// <summary>Where something is kept: the folder, and the user's own where that refuses.</summary>
    /// <param name="folder">Full path.</param>
    public static IEnumerable<string> Places(string folder) =>
        new[] { folder, UserFolders.Answers }.Distinct(StringComparer.Ordinal);

    /// <summary>Writes a file in the first place that takes it.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="write">Writes its content.</param>
    /// <returns>Full path of the file; null where no folder takes it.</returns>
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
                // The next place may have room.
            }
        }
        return null;
    }

    /// <summary>The folder of images that a folder belongs to: itself, unless it is one for answers.</summary>
    /// <param name="folder">Full path.</param>
    public static string Owner(string folder)
    {
        string end = Path.DirectorySeparatorChar + Below;
        return folder.EndsWith(end, StringComparison.Ordinal) ? folder[..^end.Length] : folder;
    }
}
