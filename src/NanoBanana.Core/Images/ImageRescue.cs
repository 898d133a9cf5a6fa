using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Saves a paid picture elsewhere when it cannot be saved in its place, for example on a full disk.</summary>
internal static class ImageRescue
{
    private static string Temporary => Path.Combine(Path.GetTempPath(), $"nb-rescued-{Environment.UserName}");

    /// <summary>The folders for such pictures; the second is often on another disk than the first.</summary>
    /// <remarks>Other users may have created a folder or link of that name in the temporary directory, so a folder is
    /// used only if it belongs to this user alone.</remarks>
    public static IEnumerable<string> Folders =>
        PrivateFolder.TryMake(Temporary) ? [UserFolders.Rescued, Temporary] : [UserFolders.Rescued];

    /// <summary>The folders that exist.</summary>
    public static IEnumerable<string> Existing =>
        new[] { UserFolders.Rescued, Temporary }.Where(folder =>
            Directory.Exists(folder) && (folder != Temporary || PrivateFolder.IsOwn(folder)));

    /// <summary>Saves a picture with its conversation in the user's data folder or the system's temporary
    /// folder.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="stem">Its file's name without extension.</param>
    /// <param name="refusal">Why it could not be saved in its place.</param>
    /// <returns>The error, which also says where the picture is now.</returns>
    public static NbException Save(NbImage image, string stem, NbException refusal) =>
        ImageErrors.PictureRescued(refusal, TrySave(image, stem));

    /// <summary>Saves a picture in the first folder that can be written.</summary>
    /// <returns>Full path; null when no folder can be written.</returns>
    public static string? TrySave(NbImage image, string stem)
    {
        // The name itself may have been the problem.
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
