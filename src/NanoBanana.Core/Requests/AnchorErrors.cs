using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Requests;

/// <summary>What can be wrong with anchors.</summary>
public static class AnchorErrors
{
    /// <summary>An anchor that was not set.</summary>
    public static NbException Unknown(string name, IEnumerable<string> known) => Error(
        "Nb.Anchor.Unknown", NbErrorKind.ObjectNotFound,
        $"There is no anchor '{name}'{(known.Any() ? $"; there are {Listed(known)}" : "")}.",
        Filled("Set it first: {way:setAnchor}.", name), name);

    /// <summary>An anchor without a picture or with an unusable name.</summary>
    internal static NbException Invalid(string name, string why) => Error(
        "Nb.Anchor.Invalid", NbErrorKind.InvalidArgument, $"The anchor '{name}' cannot be set: {why}",
        "Give a name of letters, digits, - and _, and at least one picture.", name);

    /// <summary>An anchor's file in a library that cannot be understood.</summary>
    internal static NbException FileInvalid(string path, Exception inner) => Error(
        "Nb.Anchor.FileInvalid", NbErrorKind.ParserError, $"'{path}' is not an anchor: {inner.Message}",
        "Restore it, or set the anchor again: {way:setLibraryAnchor}.", path, inner);

    /// <summary>A picture that an anchor of a library names and that is missing.</summary>
    internal static NbException PictureMissing(string path) => Error(
        "Nb.Anchor.PictureMissing", NbErrorKind.ObjectNotFound, $"The anchor's picture '{path}' is not there.",
        "Restore the library's pictures folder, or set the anchor again: {way:setLibraryAnchor}.", path);

    /// <summary>A character sheet without a character.</summary>
    internal static NbException NoSheetSubject() => Error(
        "Nb.Sheet.NoSubject", NbErrorKind.InvalidArgument, "A character sheet needs a character.",
        "Name an anchor ({option:anchor}), or describe the character ({option:prompt}).");
}
