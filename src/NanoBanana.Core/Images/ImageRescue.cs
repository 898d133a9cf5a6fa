using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>The last resort for a picture that was paid for and that its place refuses, such as a full disk.</summary>
internal static class ImageRescue
{
    private static string Temporary => Path.Combine(Path.GetTempPath(), $"nb-rescued-{Environment.UserName}");

    /// <summary>Where such pictures are saved; the second often lies on another disk than the first.</summary>
    /// <remarks>Whoever else may write in the temporary directory may have made a folder or a link of that name: only
    /// what belongs to this user alone is used.</remarks>
    public static IEnumerable<string> Folders =>
        PrivateFolder.TryMake(Temporary) ? [UserFolders.Rescued, Temporary] : [UserFolders.Rescued];

    /// <summary>Those of them that are there.</summary>
    public static IEnumerable<string> Existing =>
        new[] { UserFolders.Rescued, Temporary }.Where(folder =>
            Directory.Exists(folder) && (folder != Temporary || PrivateFolder.IsOwn(folder)));

    /// <summary>Saves it, with its conversation, in the user's data folder or among the system's temporary
    /// files.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="stem">Its file's name without extension.</param>
    /// <param name="refusal">Why it could not be saved in its place.</param>
    /// <returns>The refusal, which also says where the picture is now.</returns>
    public static NbException Save(NbImage image, string stem, NbException refusal) =>
        ImageErrors.PictureRescued(refusal, TrySave(image, stem));

    /// <summary>Saves it there.</summary>
    /// <returns>Full path; null when no folder takes it.</returns>
    public static string? TrySave(NbImage image, string stem)
    {
        // The disk may have refused the name itself.
        string[] stems = [stem, ImageFile.StemFor(image)];
        return Folders.SelectMany(_ => stems, (folder, name) => TrySave(image, folder, name))
            .FirstOrDefault(saved => saved is not null);
    }

    private static string? TrySave(NbImage image, string folder, string stem)
    {
        try
        {
            return ImageFile.SaveIn(image, folder, stem: stem).Path;
        }
        catch (NbException)
        {
            return null;
        }
    }
}
