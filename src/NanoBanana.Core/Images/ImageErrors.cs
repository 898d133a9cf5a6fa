using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Images;

/// <summary>What can be wrong with images, their sidecars and their histories.</summary>
public static class ImageErrors
{
    /// <summary>An object that cannot be used as an image.</summary>
    public static NbException NotAnImageInput(string type) => Error(
        "Nb.File.NotAnImageInput", NbErrorKind.InvalidArgument, $"An object of type {type} is not an image.",
        "Give an image of this module, a file, a path, or the bytes as byte[].", type);

    /// <summary>An image that came from another process as a description: its bytes are missing.</summary>
    /// <param name="image">Its name for people.</param>
    /// <param name="path">Where it was saved; null when it was not.</param>
    public static NbException LeftBehind(string image, string? path) => Error(
        "Nb.File.ImageLeftBehind", NbErrorKind.ObjectNotFound,
        $"The image {image} came from a job, another machine or a file of objects without its bytes, and "
            + (path is null ? "was not saved there." : $"is not at '{path}' any more, where it was saved."),
        path is null
            ? "Save it where it is made ({way:saveWhereMade}): then the object finds it. {way:keepBytes}."
            : "Read it from where its folder is now ({command:import}).",
        path ?? image);

    /// <summary>A request that was not sent because its picture could not be saved.</summary>
    internal static NbException HeldBack(NbException why) =>
        Reworded(why, $"Not sent, since the picture before could not be saved: {why.Message}", why.Target);

    /// <summary>A picture that could not be saved in its place, and where it is now.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="path">Full path of where it was saved instead; null when nowhere.</param>
    internal static NbException PictureRescued(NbException refusal, string? path) => Reworded(
        refusal, refusal.Message
            + (path is null ? " The picture is only in memory." : $" The picture was saved as '{path}' instead."),
            refusal.Target);

    /// <summary>A sidecar that cannot be read.</summary>
    internal static NbException SidecarInvalid(string path, string why, Exception? inner = null) => Error(
        "Nb.Sidecar.Invalid", NbErrorKind.ParserError, $"'{path}' cannot be read: {why}",
        "Restore the file, or delete it: the image can then still be edited, but without its history.", path, inner);

    /// <summary>A sidecar written by a newer version.</summary>
    internal static NbException SidecarNewer(string path, int version) => Error(
        "Nb.Sidecar.NewerVersion", NbErrorKind.ParserError,
        $"'{path}' was written by a newer version of this module (format {version}).", "Update the module.", path);

    /// <summary>An address without a picture.</summary>
    /// <param name="address">The address, without anything that may be secret.</param>
    /// <param name="why">What is wrong.</param>
    /// <param name="inner">What the network said.</param>
    internal static NbException AddressUnreadable(string address, string why, Exception? inner = null) => Error(
        "Nb.File.AddressUnreadable", NbErrorKind.ReadError, $"'{address}' gives no picture: {why}",
        "Check the address in a browser, or save the picture and give its path.", address, inner);

    /// <summary>An image that no file holds yet.</summary>
    public static NbException NotSaved(string image) => Error(
        "Nb.File.NotSaved", NbErrorKind.InvalidArgument, $"The image {image} lies in no file yet.",
        "Save it first.", image);

    /// <summary>An image whose history is asked for and that has none.</summary>
    public static NbException NoConversation(string image) => Error(
        "Nb.Conversation.None", NbErrorKind.InvalidArgument,
            $"'{image}' has no conversation: it was not made here, or its sidecar (.nb.json) is missing.",
        "Edit the picture itself, without {option:from}; or copy the sidecar and the .nb folder along with it.", image);

    /// <summary>JSON that is not a conversation with a picture.</summary>
    /// <param name="why">What is wrong with it.</param>
    public static NbException NoContents(string why) => Error(
        "Nb.Conversation.NoContents", NbErrorKind.InvalidArgument, $"The JSON is no conversation: {why}.",
        "Give the contents of a request, the history of a chat, or a response with what was asked for, as an SDK of Google's writes them.");

    /// <summary>A turn that no branch can start from.</summary>
    /// <param name="index">The turn asked for.</param>
    /// <param name="count">How many turns there are.</param>
    /// <param name="possible">Those with an image of the model's.</param>
    internal static NbException NoImageAtTurn(int index, int count, IEnumerable<int> possible) => Error(
        "Nb.Conversation.NoImageAtTurn", NbErrorKind.ObjectNotFound,
        $"Turn {index} of {count} has no image made by the model. Turns that have one: {Listed(possible.Select(turn => $"{turn}"))}.",
        "Choose one of those. {command:history} shows the turns.", FormattableString.Invariant($"{index}"));
}
