using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Storage;

/// <summary>What can be wrong with files and folders.</summary>
public static class FileErrors
{
    /// <summary>A path that does not exist.</summary>
    public static NbException NotFound(string path)
    {
        (string message, string advice) = Directory.Exists(path)
            ? ($"'{path}' is a folder.", "Read the images in it ({command:import}), and use those.")
            : ($"There is no file '{path}'.", "Check the path.");
        return Error("Nb.File.NotFound", NbErrorKind.ObjectNotFound, message, advice, path);
    }

    /// <summary>A folder that does not exist.</summary>
    public static NbException FolderNotFound(string path) => Error(
        "Nb.File.NotFound", NbErrorKind.ObjectNotFound, $"There is no folder '{path}'.", "Check the path.", path);

    /// <summary>A path of another provider than the file system.</summary>
    public static NbException NotAFilePath(string path) => Error(
        "Nb.File.NotAFilePath", NbErrorKind.InvalidArgument, $"'{path}' is not a file system path.",
            "Give the path of a file.", path);

    /// <summary>A relative path in a place that holds no files.</summary>
    /// <param name="path">The path.</param>
    /// <param name="location">The shell's current location.</param>
    public static NbException NotAFolder(string path, string location) => Error(
        "Nb.File.NotAFilePath", NbErrorKind.InvalidArgument,
        $"'{path}' is relative to {location}, which holds no files.",
        "Go to a folder first, or give a full path.", path);

    /// <summary>A file where a new one should be.</summary>
    public static NbException Exists(string path) => Error(
        "Nb.File.Exists", NbErrorKind.ResourceExists, $"'{path}' exists already.",
        "Choose another name, or have it replaced.", path);

    /// <summary>A file name with the extension of a format that is not written here.</summary>
    /// <param name="path">The path.</param>
    /// <param name="extension">Its extension.</param>
    /// <param name="instead">The extensions that are written.</param>
    public static NbException UnsupportedExtension(
        string path, string extension, string instead = ".jpg, .png or .webp") => Error(
        "Nb.File.UnsupportedExtension", NbErrorKind.InvalidArgument,
        $"'{path}' cannot be written: pictures are saved here as {instead}, not as {extension}.",
        $"Name a file that ends in {instead}, or leave the extension out.", path);

    /// <summary>A folder where a file should be named.</summary>
    public static NbException IsFolder(string path) => Error(
        "Nb.File.NotAFilePath", NbErrorKind.InvalidArgument, $"'{path}' names a folder.",
        "Name a file in it, or give the folder with {option:destination}.", path);

    /// <summary>A file where a folder should be named.</summary>
    public static NbException IsFile(string path) => Error(
        "Nb.File.NotAFolder", NbErrorKind.InvalidArgument, $"'{path}' is a file, not a folder.",
        "Name another folder with {option:destination}.", path);

    /// <summary>An empty file, or a pipe or device.</summary>
    public static NbException Empty(string path) => Error(
        "Nb.File.Empty", NbErrorKind.InvalidArgument, $"'{path}' is empty (0 bytes), or it is a pipe or a device.",
            "Give a file that holds a picture.", path);

    /// <summary>A file that cannot be opened or read.</summary>
    public static NbException Unreadable(string path, Exception inner) => Error(
        "Nb.File.Unreadable", NbErrorKind.ReadError, $"'{path}' cannot be read: {inner.Message}",
        "Check the permissions of the file, and whether another program has it open.", path, inner);

    /// <summary>A file that cannot be created or written.</summary>
    public static NbException Unwritable(string path, Exception inner)
    {
        string? file = Holders(path).FirstOrDefault(File.Exists);
        (string reason, string advice) = file is null
            ? (inner.Message.TrimEnd('.'), "Check the name, and free space and permissions of the folder.")
            : ($"'{file}' is a file, not a folder",
                "Name another folder ({option:destination}), or a file elsewhere ({option:outFile}).");
        return Error("Nb.File.Unwritable", NbErrorKind.WriteError, $"'{path}' cannot be written: {reason}.", advice,
            path, inner);
    }

    // The folders that a path runs through, innermost first.
    private static IEnumerable<string> Holders(string path)
    {
        for (string? folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder);
            folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    /// <summary>A name or link in a folder that leads outside of it.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="path">Full path of what leads out.</param>
    internal static NbException Outside(string folder, string path) => Error(
        "Nb.File.Outside", NbErrorKind.PermissionDenied,
            $"'{path}' leads outside '{folder}', and what a folder names must lie in it.",
        "Look at what the folder holds before you use it; put the file itself in place of a link.", path);

    /// <summary>A foreign file in the place of one of this module.</summary>
    /// <param name="path">Full path.</param>
    public static NbException Foreign(string path) => Error(
        "Nb.File.Foreign", NbErrorKind.ResourceExists,
            $"'{path}' is there already and was not written by this module: it is left as it is.",
        "Name another folder or file, or move that file away.", path);

    /// <summary>A picture whose file was changed after it was read.</summary>
    internal static NbException Changed(string path) => Error(
        "Nb.File.Changed", NbErrorKind.InvalidArgument, $"'{path}' has changed since it was read.",
        "Import the picture, or set the anchor, again.", path);

    /// <summary>A folder that other processes keep locked for too long.</summary>
    internal static NbException FolderBusy(string folder, Exception inner) => Error(
        "Nb.File.FolderBusy", NbErrorKind.ResourceExists, $"'{folder}' is in use by another process: {inner.Message}",
        "Try again when that process has ended.", folder, inner);
}
