using System.Buffers;
using System.Globalization;
using System.Text;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>The file of an item: a relative path without extension that is valid on every file system.</summary>
internal static class ItemPath
{
    private const int LongestName = 200;

    // File systems allow names of 255 bytes, and a number, an extension and the sidecar's extension are added.
    private const int MostBytes = 230;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"/\\|?*");

    /// <summary>The path inside the destination, with / between folders, without the extension of a picture.</summary>
    public static string StemOf(ManifestItem item)
    {
        string path =
            string.Join('/',
            (item.OutFile ?? item.Name).Replace('\\', '/').Split('/').Where(segment => segment != "."));
        string extension = Path.GetExtension(path).ToLowerInvariant();
        bool isPicture = extension == ".jpeg" || PictureFormat.All.Any(format => format.Extension == extension);
        string stem = isPicture ? path[..^extension.Length] : path;
        return item.OutFile is null ? Shortened(stem) : stem;
    }

    /// <summary>A key that is equal for paths that some file systems treat as one file, such as those with composed and
    /// decomposed letters.</summary>
    public static string Comparable(string stem) => CanonicalForm.Decomposed(stem);

    /// <summary>Why the item's file name is not allowed; null when it is allowed.</summary>
    public static NbException? Problem(ManifestItem item, string place)
    {
        if (item.OutFile is not { } file)
        {
            return (WhyNot(item.Name) ?? WhyNot(StemOf(item))) is { } why
                ? ManifestErrors.InvalidName(place, item.Name, why) : null;
        }
        string path = file.Replace('\\', '/');
        string[] segments = path.Split('/');
        if (path.StartsWith('/') || Path.IsPathRooted(file) || (path.Length > 1 && path[1] == ':')
            || segments.Contains(".."))
        {
            return ManifestErrors.PathEscapes(place, item.Name, file);
        }
        // The last part must be a file name, with and without its extension: "." and ".jpg" would name the folder
        // itself.
        string[] named = [.. segments.Where(segment => segment != "."), segments[^1], StemOf(item).Split('/')[^1]];
        foreach (string segment in named)
        {
            if (string.Equals(segment, BlobStore.FolderName, StringComparison.OrdinalIgnoreCase))
            {
                return ManifestErrors.InvalidName(place, file, $"'{segment}' is the folder of what images remember");
            }
            if ((WhyNot(segment) ?? TooLong(segment)) is { } why) return ManifestErrors.InvalidName(place, file, why);
        }
        return null;
    }

    // The rules of Windows, which are the strictest: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    private static string? WhyNot(string name)
    {
        if (name.Length == 0) return "it is empty";
        if (name.Length > LongestName) return $"it is longer than {LongestName} characters";
        if (!IsText(name)) return "it holds half a character";
        int at = name.AsSpan().IndexOfAny(Forbidden);
        if (at >= 0) return $"it holds '{name[at]}'";
        if (name.Any(char.IsControl)) return "it holds a control character";
        // 'gpj.exe' read from right to left looks like a picture.
        if (name.Any(IsTurning)) return "it holds a character that turns the reading direction";
        if (name[^1] is '.' or ' ') return "it ends with a dot or a space";
        if (name[0] == ' ') return "it begins with a space";
        string device = name.Split('.')[0].TrimEnd().ToLowerInvariant();
        return ImageFile.IsReserved(device) ? $"'{device}' is a device on Windows" : null;
    }

    private static bool IsTurning(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string? TooLong(string segment) => Encoding.UTF8.GetByteCount(segment) > MostBytes
        ? string.Create(CultureInfo.InvariantCulture, $"it takes more than {MostBytes} bytes as UTF-8") : null;

    // A name may have any length: the file name is shortened to the limit, and a hash distinguishes it from similar
    // names.
    private static string Shortened(string stem)
    {
        if (Encoding.UTF8.GetByteCount(stem) <= MostBytes) return stem;
        string mark = "-" + Blob.HashOf(stem)[..8];
        var kept = new StringBuilder();
        int bytes = mark.Length;
        foreach (Rune rune in stem.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > MostBytes) break;
            kept.Append(rune.ToString());
        }
        return kept.ToString().TrimEnd('.', ' ') + mark;
    }

    private static bool IsText(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return false;
            at++;
        }
        return true;
    }
}
