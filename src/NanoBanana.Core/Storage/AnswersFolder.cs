namespace NanoBanana.Storage;

/// <summary>The folder <c>.nb/answers</c> beside saved images: answers that were paid for and gave no
/// picture.</summary>
internal static class AnswersFolder
{
    private static readonly string Below = Path.Combine(BlobStore.FolderName, "answers");

    /// <summary>Where a folder of images keeps them.</summary>
    /// <param name="imageFolder">Full path.</param>
    public static string Of(string imageFolder) => Path.Combine(imageFolder, Below);

    /// <summary>The folder of images that a folder belongs to: itself, unless it is one for answers.</summary>
    /// <param name="folder">Full path.</param>
    public static string Owner(string folder)
    {
        string end = Path.DirectorySeparatorChar + Below;
        return folder.EndsWith(end, StringComparison.Ordinal) ? folder[..^end.Length] : folder;
    }
}
