using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Pictures;

/// <summary>What can be wrong with bytes that should be a picture.</summary>
public static class PictureErrors
{
    /// <summary>A file that is not a png, jpeg, webp, gif, heic or heif.</summary>
    internal static NbException NotAnImage(string path) => Error(
        "Nb.File.NotAnImage", NbErrorKind.InvalidArgument,
        $"'{path}' is not an image: its first bytes are none of png, jpeg, webp, gif, heic or heif.",
        "Give a png, jpeg, webp, heic or heif file.", path);

    /// <summary>A picture in a format that the service does not take as input.</summary>
    internal static NbException UnsupportedInput(string name, string mimeType) => Error(
        "Nb.Request.UnsupportedInput", NbErrorKind.InvalidArgument,
        $"'{name}' is {mimeType}; the service takes png, jpeg, webp, heic and heif.", "Convert it first.", name);

    /// <summary>A text that is not an address the service could fetch.</summary>
    internal static NbException NotAReference(string text) => Error(
        "Nb.Request.NotAnAddress", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(text)}' is not an address that the service fetches: those begin with https:// or gs://.",
        "Give a file as its path.", Readable.Short(text));

    /// <summary>An address that does not show the type of its content.</summary>
    internal static NbException UnknownType(string name, string? mimeType) => Error(
        "Nb.Request.UnknownInputType", NbErrorKind.InvalidArgument,
        mimeType is null ? $"The address of '{name}' does not tell its type."
            : $"'{Readable.Short(mimeType)}' is no type that the service takes.",
        "Write the reference as an object with path and mimeType, such as video/mp4, application/pdf or image/png.",
        name);

    /// <summary>An address that only the service can read, without the option to send it as an address.</summary>
    public static NbException NotFetched(string address)
    {
        string name = MediaAddress.Plain(address);
        return Error("Nb.Request.NotFetched", NbErrorKind.InvalidArgument, $"'{name}' is not fetched here.",
            "Have it sent as an address with {option:byReference}, or give a file.", name);
    }

    /// <summary>A picture that has, or would have, too many pixels.</summary>
    public static NbException TooLarge(string name, long width, long height) => Error(
        "Nb.Picture.TooLarge", NbErrorKind.LimitsExceeded,
        $"'{name}' has {width}x{height} pixels; {PictureLimits.Pixels / 1_000_000} million in all and {PictureLimits.Side} per side are the limit.",
        "Take a smaller picture or size.", name);

    /// <summary>A picture whose file is too long.</summary>
    /// <param name="name">Name or path of the picture.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="limit">The bytes that are taken.</param>
    public static NbException FileTooLong(string name, long length, long limit) => Error(
        "Nb.Picture.TooLarge", NbErrorKind.LimitsExceeded,
        $"'{name}' has {Readable.Bytes(length)}; {Readable.Bytes(limit)} are the limit.", "Take a smaller file.", name);

    /// <summary>A picture that cannot be decoded, or is truncated.</summary>
    public static NbException Damaged(string name, string why, Exception? inner = null) => Error(
        "Nb.Picture.Damaged", NbErrorKind.ParserError, $"'{name}' is damaged: {why}",
            "Fetch or make the picture again.", name, inner);

    /// <summary>Id of the error for a format that the extension does not read.</summary>
    internal const string UnsupportedId = "Nb.Picture.Unsupported";

    /// <summary>A picture of a format that the extension does not read.</summary>
    public static NbException Unsupported(string name, Exception? inner = null) => Error(
        UnsupportedId, NbErrorKind.InvalidArgument,
            $"'{name}' is not a png, jpeg, webp or gif: only these can be read here.",
        "Convert it with another tool first.", name, inner);

    /// <summary>A conversion without a size, format or preset.</summary>
    public static NbException NothingToConvert() => Error(
        "Nb.Picture.NothingToDo", NbErrorKind.InvalidArgument, "Nothing says what to convert the picture to.",
        "Give {option:width}, {option:height}, {option:format} or {option:preset}, or {option:outFile} with the extension of another format.");

    /// <summary>An image without anything to compare it with.</summary>
    public static NbException NothingToCompare(string name) => Error(
        "Nb.Picture.NothingToCompare", NbErrorKind.InvalidArgument, $"'{name}' was made from no other image.",
        "Name the image to compare it with: {option:reference}.", name);

    /// <summary>A text that is not a region.</summary>
    internal static NbException InvalidRegion(string text) => Error(
        "Nb.Picture.InvalidRegion", NbErrorKind.InvalidArgument, $"'{text}' is not a region.",
        "Write it as left,top,width,height in pixels, such as 120,80,300,200.", text);

    /// <summary>A mask that cannot be intended.</summary>
    internal static NbException InvalidMask(string name, string why) => Error(
        "Nb.Picture.InvalidMask", NbErrorKind.InvalidArgument, $"The mask '{name}' {why}.",
        "Nothing was sent. Draw it in the shape of the image, white where it may change and black everywhere else.",
        name);

    /// <summary>A region that is not wholly inside its picture.</summary>
    internal static NbException RegionOutside(string region, string name, int width, int height) => Error(
        "Nb.Picture.RegionOutside", NbErrorKind.InvalidArgument,
            $"The region {region} is not inside '{name}', which has {width}x{height} pixels.",
        "Choose a region inside the picture: left,top,width,height in its pixels.", name);

    /// <summary>A text that is not a color.</summary>
    public static NbException InvalidColor(string text) => Error(
        "Nb.Picture.InvalidColor", NbErrorKind.InvalidArgument, $"'{text}' is not a color.",
            "Write it as #rrggbb, such as #00ff00.", text);
}
