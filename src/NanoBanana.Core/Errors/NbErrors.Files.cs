using NanoBanana.Conversations;

namespace NanoBanana;

public static partial class NbErrors
{
    /// <summary>A path that leads nowhere.</summary>
    public static NbException FileNotFound(string path)
    {
        (string message, string advice) = Directory.Exists(path)
            ? ($"'{path}' is a folder.", "Use Import-NbImage to get the images in it, and pipe them on.")
            : ($"There is no file '{path}'.", "Check the path.");
        return Error("Nb.File.NotFound", NbErrorKind.ObjectNotFound, message, advice, path);
    }

    /// <summary>A folder that is not there.</summary>
    public static NbException FolderNotFound(string path) => Error(
        "Nb.File.NotFound", NbErrorKind.ObjectNotFound, $"There is no folder '{path}'.", "Check the path.", path);

    /// <summary>A path of another provider than the file system.</summary>
    public static NbException NotAFilePath(string path) => Error(
        "Nb.File.NotAFilePath", NbErrorKind.InvalidArgument, $"'{path}' is not a file system path.", "Give the path of a file.", path);

    /// <summary>A folder where a file should be named.</summary>
    public static NbException FileIsFolder(string path) => Error(
        "Nb.File.NotAFilePath", NbErrorKind.InvalidArgument, $"'{path}' names a folder.",
        "Name a file in it, or give the folder with -Destination.", path);

    /// <summary>An object that cannot be used as an image.</summary>
    public static NbException NotAnImageInput(string type) => Error(
        "Nb.File.NotAnImageInput", NbErrorKind.InvalidArgument, $"An object of type {type} is not an image.",
        "Give an image of this module, a file, a path, or the bytes as byte[].", type);

    /// <summary>An image that came from another process as a description: its bytes did not come along.</summary>
    /// <param name="image">What a person calls it.</param>
    /// <param name="path">Where it was saved; null when it was not.</param>
    public static NbException ImageLeftBehind(string image, string? path) => Error(
        "Nb.File.ImageLeftBehind", NbErrorKind.ObjectNotFound,
        $"The image {image} came from a job, another machine or Import-Clixml without its bytes, and "
            + (path is null ? "was not saved there." : $"is not at '{path}' any more, where it was saved."),
        path is null
            ? "Save it where it is made (New-NbImage -Destination or -OutFile, Save-NbImage): then the object finds it. Start-ThreadJob and ForEach-Object -Parallel keep the bytes."
            : "Import-NbImage from where its folder is now.",
        path ?? image);

    /// <summary>A file of no bytes.</summary>
    public static NbException FileEmpty(string path) => Error(
        "Nb.File.Empty", NbErrorKind.InvalidArgument, $"'{path}' is empty (0 bytes).", "Give a picture that has content.", path);

    /// <summary>A file that cannot be opened or read.</summary>
    public static NbException FileUnreadable(string path, Exception inner) => Error(
        "Nb.File.Unreadable", NbErrorKind.ReadError, $"'{path}' cannot be read: {inner.Message}",
        "Check the permissions of the file, and whether another program has it open.", path, inner);

    /// <summary>A file that is no png, jpeg, webp, gif, heic or heif.</summary>
    public static NbException NotAnImage(string path) => Error(
        "Nb.File.NotAnImage", NbErrorKind.InvalidArgument,
        $"'{path}' is not an image: its first bytes are none of png, jpeg, webp, gif, heic or heif.",
        "Give a png, jpeg, webp, heic or heif file.", path);

    /// <summary>A file that cannot be created or written.</summary>
    public static NbException FileUnwritable(string path, Exception inner)
    {
        string? file = Holders(path).FirstOrDefault(File.Exists);
        (string reason, string advice) = file is null
            ? (inner.Message.TrimEnd('.'), "Check the name, and free space and permissions of the folder.")
            : ($"'{file}' is a file, not a folder", "Name another folder (-Destination), or a file elsewhere (-OutFile).");
        return Error("Nb.File.Unwritable", NbErrorKind.WriteError, $"'{path}' cannot be written: {reason}.", advice, path, inner);
    }

    /// <summary>A request that was not sent because its picture could not be saved either.</summary>
    internal static NbException HeldBack(NbException why) =>
        Reworded(why, $"Not sent, since the picture before could not be saved: {why.Message}", why.Target);

    /// <summary>A picture that its place refused, and where it is now.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="path">Full path of where it was saved instead; null when nowhere.</param>
    internal static NbException PictureRescued(NbException refusal, string? path) => Reworded(
        refusal, refusal.Message + (path is null ? " The picture is only in memory." : $" The picture was saved as '{path}' instead."), refusal.Target);

    // The folders that a path runs through, innermost first.
    private static IEnumerable<string> Holders(string path)
    {
        for (string? folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder)) yield return folder;
    }

    /// <summary>A blob that a conversation needs is not where it should be.</summary>
    public static NbException BlobMissing(string path, Exception? inner = null) => Error(
        "Nb.Blob.Missing", NbErrorKind.ObjectNotFound, $"The conversation needs '{path}', which is missing.",
        BlobStore.IsWithin(path)
            ? "Copy the .nb folder along with the images, or start a new conversation from the picture with -Rebase."
            : "Restore the picture, or take it from where it is now with Import-NbImage.",
        path, inner);

    /// <summary>A stored blob whose bytes are no longer those it was named after.</summary>
    public static NbException BlobDamaged(string path) => Error(
        "Nb.Blob.Damaged", NbErrorKind.InvalidArgument,
        $"'{path}' has changed since it was saved: its SHA-256 no longer matches. "
        + "A conversation can be continued only with its images and thought signatures unchanged.",
        "Restore the file, or start a new conversation from the picture with -Rebase.", path);

    /// <summary>A picture whose file was changed after it was read.</summary>
    public static NbException PictureChanged(string path) => Error(
        "Nb.File.Changed", NbErrorKind.InvalidArgument, $"'{path}' has changed since it was read.",
        "Import the picture, or set the anchor, again.", path);

    /// <summary>A stored blob that may not be removed.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="users">The files that name it.</param>
    public static NbException BlobInUse(string path, IEnumerable<string> users) => Error(
        "Nb.Blob.InUse", NbErrorKind.ResourceExists, $"'{path}' is needed by {Listed(users)}.",
        "Remove only orphans: Get-NbBlob -Orphan | Remove-NbBlob.", path);

    /// <summary>A folder that other processes keep locked for too long.</summary>
    public static NbException FolderBusy(string folder, Exception inner) => Error(
        "Nb.File.FolderBusy", NbErrorKind.ResourceExists, $"'{folder}' is in use by another process: {inner.Message}",
        "Try again when that process has ended.", folder, inner);

    /// <summary>A sidecar that cannot be read.</summary>
    public static NbException SidecarInvalid(string path, string why, Exception? inner = null) => Error(
        "Nb.Sidecar.Invalid", NbErrorKind.ParserError, $"'{path}' cannot be read: {why}",
        "Restore the file, or delete it: the image can then still be edited, but without its history.", path, inner);

    /// <summary>A sidecar written by a newer version.</summary>
    public static NbException SidecarNewer(string path, int version) => Error(
        "Nb.Sidecar.NewerVersion", NbErrorKind.ParserError,
        $"'{path}' was written by a newer version of this module (format {version}).", "Update the module.", path);

    /// <summary>An address that gives no picture.</summary>
    /// <param name="address">The address, without anything that may be secret.</param>
    /// <param name="why">What is wrong.</param>
    /// <param name="inner">What the network said.</param>
    public static NbException AddressUnreadable(string address, string why, Exception? inner = null) => Error(
        "Nb.File.AddressUnreadable", NbErrorKind.ReadError, $"'{address}' gives no picture: {why}",
        "Check the address in a browser, or save the picture and give its path.", address, inner);
}
