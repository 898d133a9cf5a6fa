using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>The file name that was asked for: an impossible name is refused before anything is paid for, and a
/// different final name is reported.</summary>
internal static class AskedName
{
    // The formats of the service and of the imaging extension. Any of them may come, whatever was asked for.
    private static readonly PictureFormat[] Written = [PictureFormat.Jpeg, PictureFormat.Png, PictureFormat.Webp];

    // Picture formats that are not written here: a file with such an extension would hold another format.
    private static readonly string[] Unwritten =
        [".bmp", ".dib", ".tif", ".tiff", ".avif", ".ico", ".svg", ".pdf", ".psd", ".jxl", ".jp2", ".tga", ".eps",
            ".raw"];

    /// <summary>Refuses an impossible name.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="force">Whether an existing file may be replaced.</param>
    /// <param name="own">Files that the command itself has saved, which are numbered instead of replaced.</param>
    /// <param name="format">The format to save; null if unknown.</param>
    /// <exception cref="NbException">The extension is of a format that is not written, or the name is
    /// taken.</exception>
    public static void Check(string path, bool force, SaveSession? own, PictureFormat? format = null)
    {
        string extension = Path.GetExtension(path);
        PictureFormat? named = PictureFormat.OfExtension(extension);
        if ((named is not null && named != format && !Written.Contains(named))
            || Unwritten.Contains(extension, StringComparer.OrdinalIgnoreCase))
        {
            throw FileErrors.UnsupportedExtension(path, extension);
        }
        if (force) return;
        IEnumerable<string> names = named is not null ? [path]
            : (format is null ? Written : [format]).Select(possible => path + possible.Extension);
        string? taken = names.Select(SameName.Existing)
            .FirstOrDefault(name => File.Exists(name) && own?.Contains(name) != true);
        if (taken is not null) throw FileErrors.Exists(taken);
    }

    /// <summary>Adds a warning to a saved image whose name is not the one asked for.</summary>
    /// <param name="saved">The image.</param>
    /// <param name="asked">The path, with or without an extension.</param>
    /// <param name="own">Files that the command itself has saved: numbers beside those are expected.</param>
    public static NbImage WithNote(NbImage saved, string asked, SaveSession own)
    {
        string extension = Path.GetExtension(asked);
        PictureFormat? wanted = PictureFormat.OfExtension(extension);
        string stem = wanted is null ? asked : asked[..^extension.Length];
        string fitting = wanted == saved.Format ? asked : stem + saved.Format.Extension;
        string name = Path.GetFileName(saved.Path)!;
        bool isTaken = saved.Path != fitting && saved.Path != asked && !own.Contains(fitting);
        string? note = wanted is not null && wanted != saved.Format
            ? saved is NbText ? $"Saved as {name}: the answer is words, without a picture."
                : $"Saved as {name}, not {extension}: the picture is {saved.MimeType}, and its bytes stay as they came."
            : isTaken ? $"Saved as {name}: another file has the name {Path.GetFileName(fitting)}." : null;
        return note is null ? saved : saved with { Warnings = [.. saved.Warnings, note] };
    }
}
