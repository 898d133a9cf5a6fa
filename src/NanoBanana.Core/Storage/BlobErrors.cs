using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Storage;

/// <summary>What can be wrong with stored blobs.</summary>
internal static class BlobErrors
{
    /// <summary>A blob that a conversation needs is missing.</summary>
    public static NbException Missing(string path, Exception? inner = null) => Error(
        "Nb.Blob.Missing", NbErrorKind.ObjectNotFound, $"The conversation needs '{path}', which is missing.",
        BlobStore.IsWithin(path)
            ? "Copy the .nb folder along with the images, or start a new conversation from the picture with {option:rebase}."
            : "Restore the picture, or take it from where it is now ({command:import}).",
        path, inner);

    /// <summary>A picture without a sidecar, which uses no blobs of the store.</summary>
    public static NbException NoSidecar(string path) => Error(
        "Nb.Blob.NoSidecar", NbErrorKind.ObjectNotFound, $"'{path}' has no sidecar, so it needs no stored files.",
        "Give an image that was saved here, or the folder, for all that its store holds.", path);

    /// <summary>A stored blob whose bytes no longer have its hash.</summary>
    public static NbException Damaged(string path) => Error(
        "Nb.Blob.Damaged", NbErrorKind.InvalidArgument,
        $"'{path}' has changed since it was saved: its SHA-256 no longer matches. "
        + "A conversation can be continued only with its images and thought signatures unchanged.",
        "Restore the file, or start a new conversation from the picture with {option:rebase}.", path);

    /// <summary>An image or signature whose length changed between planning and sending.</summary>
    public static NbException Changed(Blob blob) => Error(
        "Nb.Blob.Damaged", NbErrorKind.InvalidArgument,
        "A stored image or signature became shorter while it was being sent.",
        "Restore the file, or start a new conversation from the picture with {option:rebase}.",
        (blob as FileBlob)?.Path);

    /// <summary>A stored blob that may not be removed.</summary>
    /// <param name="path">Full path of the blob.</param>
    /// <param name="users">The files that refer to it.</param>
    public static NbException InUse(string path, IEnumerable<string> users) => Error(
        "Nb.Blob.InUse", NbErrorKind.ResourceExists, $"'{path}' is needed by {Listed(users)}.",
        "Remove only orphans: {way:removeOrphans}.", path);
}
