using NanoBanana.Extensions.Imaging;

namespace NanoBanana;

public static partial class NbErrors
{
    /// <summary>A picture that has, or would have, too many pixels.</summary>
    public static NbException PictureTooLarge(string name, long width, long height) => Error(
        "Nb.Picture.TooLarge", NbErrorKind.LimitsExceeded,
        $"'{name}' has {width}x{height} pixels; {PictureLimits.Pixels / 1_000_000} million in all and {PictureLimits.Side} per side are the limit.",
        "Take a smaller picture or size.", name);

    /// <summary>A picture whose file is too long.</summary>
    /// <param name="name">Name or path of the picture.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="limit">The bytes that are taken.</param>
    public static NbException PictureFileTooLong(string name, long length, long limit) => Error(
        "Nb.Picture.TooLarge", NbErrorKind.LimitsExceeded,
        $"'{name}' has {Readable.Bytes(length)}; {Readable.Bytes(limit)} are the limit.", "Take a smaller file.", name);

    /// <summary>A picture that cannot be decoded, or ends before its end.</summary>
    public static NbException PictureDamaged(string name, string why, Exception? inner = null) => Error(
        "Nb.Picture.Damaged", NbErrorKind.ParserError, $"'{name}' is damaged: {why}", "Fetch or make the picture again.", name, inner);

    /// <summary>A picture of a format that the extension does not read.</summary>
    public static NbException PictureUnsupported(string name, Exception? inner = null) => Error(
        "Nb.Picture.Unsupported", NbErrorKind.InvalidArgument, $"'{name}' is not a png, jpeg, webp or gif: only these can be read here.",
        "Convert it with another tool first.", name, inner);

    /// <summary>A preset that nobody has defined.</summary>
    public static NbException PresetUnknown(string name, IEnumerable<string> known) => Error(
        "Nb.Preset.Unknown", NbErrorKind.ObjectNotFound, $"There is no preset '{name}'; there are {Listed(known)}.",
        $"Choose one of those, or define it in a file for -PresetPath, or in '{UserFolders.Presets}'.", name);

    /// <summary>A file of presets that cannot be used.</summary>
    public static NbException PresetsInvalid(string path, string why, Exception? inner = null) => Error(
        "Nb.Preset.Invalid", NbErrorKind.ParserError, $"'{path}' is not a list of presets: {why}.",
        """Its form is {"presets":[{"name":"banner","width":1200,"height":300,"fit":"Cover","format":"jpeg"}]}.""", path, inner);

    /// <summary>Nothing to do: no size, format or preset was named.</summary>
    public static NbException NothingToConvert() => Error(
        "Nb.Picture.NothingToDo", NbErrorKind.InvalidArgument, "Nothing says what to convert the picture to.",
        "Give -Width, -Height, -Format or -Preset, or -OutFile with the extension of another format.");

    /// <summary>An image that was given nothing to be compared with.</summary>
    public static NbException NothingToCompare(string name) => Error(
        "Nb.Picture.NothingToCompare", NbErrorKind.InvalidArgument, $"'{name}' was made from no other image.",
        "Name the image to compare it with: -Reference.", name);

    /// <summary>A text that is not a colour.</summary>
    public static NbException InvalidColour(string text) => Error(
        "Nb.Picture.InvalidColour", NbErrorKind.InvalidArgument, $"'{text}' is not a colour.", "Write it as #rrggbb, such as #00ff00.", text);
}
