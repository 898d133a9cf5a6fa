using System.Buffers;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Batches.Manifests;

/// <summary>The file an item becomes: a relative path without extension, fit for every file system.</summary>
internal static class ItemPath
{
    private const int LongestName = 200;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"/\\|?*");

    /// <summary>The path inside the destination, / between folders, without the extension of a picture.</summary>
    public static string StemOf(ManifestItem item)
    {
        string path = string.Join('/', (item.OutFile ?? item.Name).Replace('\\', '/').Split('/').Where(segment => segment != "."));
        string extension = Path.GetExtension(path).ToLowerInvariant();
        bool isPicture = extension == ".jpeg" || PictureFormat.All.Any(format => format.Extension == extension);
        return isPicture ? path[..^extension.Length] : path;
    }

    /// <summary>Why the item cannot become a file; null when it can.</summary>
    public static NbException? Problem(ManifestItem item, string place)
    {
        if (item.OutFile is not { } file)
        {
            return WhyNot(item.Name) is { } why ? ManifestErrors.InvalidName(place, item.Name, why) : null;
        }
        string path = file.Replace('\\', '/');
        string[] segments = path.Split('/');
        if (path.StartsWith('/') || Path.IsPathRooted(file) || (path.Length > 1 && path[1] == ':') || segments.Contains(".."))
        {
            return ManifestErrors.PathEscapes(place, item.Name, file);
        }
        foreach (string segment in segments)
        {
            if (segment == ".") continue;
            if (string.Equals(segment, Storage.BlobStore.FolderName, StringComparison.OrdinalIgnoreCase))
            {
                return ManifestErrors.InvalidName(place, file, $"'{segment}' is the folder of what images remember");
            }
            if (WhyNot(segment) is { } why) return ManifestErrors.InvalidName(place, file, why);
        }
        return null;
    }

    // Windows' rules, which are the narrowest: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    private static string? WhyNot(string name)
    {
        if (name.Length == 0) return "it is empty";
        if (name.Length > LongestName) return $"it is longer than {LongestName} characters";
        int at = name.AsSpan().IndexOfAny(Forbidden);
        if (at >= 0) return $"it holds '{name[at]}'";
        if (name.Any(char.IsControl)) return "it holds a control character";
        if (name[^1] is '.' or ' ') return "it ends with a dot or a space";
        if (name[0] == ' ') return "it begins with a space";
        string device = name.Split('.')[0].TrimEnd().ToLowerInvariant();
        return ImageFile.IsReserved(device) ? $"'{device}' is a device on Windows" : null;
    }
}
