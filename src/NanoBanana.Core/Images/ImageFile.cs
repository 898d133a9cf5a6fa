using System.Globalization;
using System.Text;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Images on disk: the picture as the service sent it, its sidecar beside it, and the blobs of its
/// conversation in <c>.nb/blobs</c>.</summary>
/// <remarks>A folder can be copied, zipped, committed or moved to another machine, and its images edited
/// there.</remarks>
public static class ImageFile
{
    private const int LongestStem = 60;

    // A prompt may be very long, so only its beginning is used for the name.
    private const int LongestRead = 4096;

    /// <summary>Saves an image in a folder; its name gets a number if it is taken.</summary>
    /// <param name="image">The image.</param>
    /// <param name="folder">Full path of the folder; created when missing.</param>
    /// <param name="force">Replace a file of that name instead of numbering.</param>
    /// <param name="own">Files that even force does not replace; this one is added. Null when there are
    /// none.</param>
    /// <param name="stem">The name without extension; null for a name made of the prompt.</param>
    /// <exception cref="NbException">The folder cannot be written, or a blob of the conversation is missing or has
    /// changed.</exception>
    public static NbImage SaveIn(NbImage image, string folder, bool force = false, SaveSession? own = null,
        string? stem = null) =>
        Save(image, Path.Combine(folder, (stem ?? StemFor(image)) + image.Format.Extension), force, own);

    /// <summary>Saves an image, its sidecar and what its conversation needs.</summary>
    /// <param name="image">The image.</param>
    /// <param name="path">Full path. An extension that does not fit the bytes is replaced by the one that does.</param>
    /// <param name="force">Replace a file that is there; otherwise the name is numbered (fox-2.jpg).</param>
    /// <param name="own">Files that even force does not replace; this one is added. Null when there are
    /// none.</param>
    /// <returns>The image with its path.</returns>
    /// <exception cref="NbException">The file cannot be written, or a blob of the conversation is missing or has
    /// changed.</exception>
    public static NbImage Save(NbImage image, string path, bool force = false, SaveSession? own = null) =>
        Save(image, path, force, own, staged: null);

    /// <summary>Saves an image with a sidecar that was written for it already.</summary>
    internal static NbImage Save(NbImage image, string path, bool force, SaveSession? own, string? staged)
    {
        CheckName(path);
        path = WithFittingExtension(Path.GetFullPath(path), image.Format);
        string folder = SameName.Existing(Path.GetDirectoryName(path)!);
        path = Path.Combine(folder, Path.GetFileName(path));
        var store = new BlobStore(folder);
        image.Data.Verify();
        try
        {
            Disk.CreateFolder(folder);
            using FolderLock held = FolderLock.Shared(folder);
            path = new ImagePlacer(image, path, store).Place(force, own, staged);
            // A file that was only moved need not be read again to verify it.
            Blob data = image.Data is FileBlob moved && moved.Path == path ? moved : Blob.FromFile(path, image.Sha256);
            return image with { Path = path, Data = data };
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    /// <summary>Writes the sidecar of a saved image again with new information.</summary>
    /// <exception cref="NbException">It cannot be written; the old one stays.</exception>
    internal static void Annotate(NbImage image)
    {
        if (image.Path is not { } path) return;
        try
        {
            using FolderLock held = FolderLock.Shared(Path.GetDirectoryName(path)!);
            AtomicFile.Write(Sidecar.PathFor(path), new BlobStore(Path.GetDirectoryName(path)!).TemporaryFolder,
                overwrite: true, stream => Sidecar.Write(stream, image));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    /// <summary>Reads an image, with its conversation if it has a sidecar under its current name or the name it had
    /// before it was renamed; otherwise as a foreign image.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing, empty, unreadable or no image, or its sidecar cannot be
    /// read.</exception>
    public static NbImage Import(string path)
    {
        path = SameName.Existing(Path.GetFullPath(path));
        if (!File.Exists(path)) throw FileErrors.NotFound(path);
        var data = Blob.FromFile(path);
        // A link's sidecar is beside the link, or beside its target.
        string home = File.Exists(Sidecar.PathFor(path)) ? path
            : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        string? sidecar = Sidecar.Find(home, data);
        NbImage image = WithoutHistory(data, path, sidecar);
        return sidecar is null ? image : Sidecar.Read(sidecar, image, BlobStore.Of(Path.GetDirectoryName(home)!));
    }

    /// <summary>Reads a picture, or the text in its place, without its conversation.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="sidecar">Full path of the sidecar; null when there is none.</param>
    /// <exception cref="NbException">They are empty or not an image.</exception>
    internal static NbImage WithoutHistory(Blob data, string path, string? sidecar)
    {
        bool isOfWords = sidecar is not null && data.Length > 0
            && PictureFormat.Detect(data.ReadHead(PictureFormat.HeadLength)) is null && Sidecar.IsOfWords(sidecar);
        return isOfWords ? NbText.At(data, path) : NbImage.Foreign(data, path);
    }

    /// <summary>Finds an image by the path it was saved under and its hash.</summary>
    /// <param name="path">Full path it was saved under.</param>
    /// <param name="sha256">SHA-256 of its bytes.</param>
    /// <param name="length">Length of its bytes.</param>
    /// <returns>The image, at its path or renamed in that folder; null when it is missing.</returns>
    /// <exception cref="NbException">Its file or sidecar cannot be read.</exception>
    public static NbImage? Find(string path, string sha256, long length)
    {
        if (File.Exists(path)) return Import(path);
        string? folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder)) return null;
        string? renamed = List(folder)
            .FirstOrDefault(file => new FileInfo(file).Length == length && Blob.FromFile(file).Sha256 == sha256);
        return renamed is null ? null : Import(renamed);
    }

    /// <summary>The full paths of the images in a folder, by their extension, in order of name; links that lead out of
    /// it are skipped.</summary>
    public static IEnumerable<string> List(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => HasImageExtension(path) && !Inside.LeadsOut(folder, path))
            .Order(StringComparer.Ordinal);

    /// <summary>The images in a folder that have a sidecar, by the SHA-256 of their bytes.</summary>
    /// <param name="folder">Full path; null for none.</param>
    internal static Dictionary<string, string> HashesIn(string? folder)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        if (folder is null || !Directory.Exists(folder)) return paths;
        foreach (string path in List(folder).Where(path => File.Exists(Sidecar.PathFor(path))))
        {
            paths.TryAdd(Blob.FromFile(path).Sha256, path);
        }
        return paths;
    }

    /// <summary>Whether a path has the extension of an image.</summary>
    public static bool HasImageExtension(string path) => PictureFormat.OfExtension(Path.GetExtension(path)) is not null;

    /// <summary>Whether a path is that of a sidecar.</summary>
    public static bool IsSidecar(string path) => path.EndsWith(Sidecar.Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>A file name without extension, made of the prompt's words; letters of every script stay.</summary>
    public static string StemFor(NbImage image)
    {
        string name = StemOf(image.Prompt ?? "");
        return name.Length == 0 ? image.Data.ToString() : name;
    }

    /// <summary>Makes a file name without extension from a text; empty when the text has no letter or digit.</summary>
    internal static string StemOf(string words)
    {
        var stem = new StringBuilder();
        // Half a surrogate pair has no composed form, and is not used in names.
        words = new string(
            [.. words[..Math.Min(words.Length, LongestRead)].EnumerateRunes()
            .Where(rune => rune != Rune.ReplacementChar).SelectMany(rune => rune.ToString())]);
        foreach (char c in CanonicalForm.Composed(words))
        {
            if (stem.Length >= LongestStem) break;
            if (char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
            {
                stem.Append(char.ToLowerInvariant(c));
            }
            else if (stem.Length > 0 && stem[^1] != '-') stem.Append('-');
        }
        string name = stem.ToString().Trim('-');
        return IsReserved(name) ? name + "-image" : name;
    }

    /// <summary>Names of devices on Windows, with any extension.</summary>
    /// <param name="name">In lower case.</param>
    internal static bool IsReserved(string name) =>
        name is "con" or "prn" or "aux" or "nul"
        || (name.Length == 4
        && (name.StartsWith("com", StringComparison.Ordinal) || name.StartsWith("lpt", StringComparison.Ordinal))
            // Windows takes its superscript digits for digits.
            && (char.IsAsciiDigit(name[3]) || name[3] is '\u00B9' or '\u00B2' or '\u00B3'));

    /// <summary>Checks before anything is paid for whether an image and its sidecar can be saved.</summary>
    /// <param name="path">Full path; its folder is created when missing.</param>
    /// <exception cref="NbException">They cannot.</exception>
    internal static void CheckWritable(string path)
    {
        CheckName(path);
        path = SameName.Existing(path);
        string name = Path.GetFileName(path);
        // The sidecar has the longest name.
        string longest = (HasImageExtension(name) ? name : name + ".jpeg") + Sidecar.Extension;
        try
        {
            string temporary = new BlobStore(Path.GetDirectoryName(path)!).TemporaryFolder;
            Directory.CreateDirectory(temporary);
            new FileStream(
                Path.Combine(temporary, longest), FileMode.OpenOrCreate, FileAccess.Write,
                    FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose)
                .Dispose();
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    // A path that ends in a separator names a folder; its picture would be a nameless, hidden ".jpg".
    private static void CheckName(string path)
    {
        if (Path.GetFileName(path).Length == 0) throw FileErrors.IsFolder(path);
    }

    private static string WithFittingExtension(string path, PictureFormat format)
    {
        PictureFormat? named = PictureFormat.OfExtension(Path.GetExtension(path));
        if (named == format || Path.GetExtension(path).Equals(format.Extension, StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }
        return named is null ? path + format.Extension : Path.ChangeExtension(path, format.Extension);
    }
}
