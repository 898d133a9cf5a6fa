using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Reads files of answers that were paid for and could not be read.</summary>
public static class KeptAnswerFile
{
    // Larger than any answer, because a file is read as a whole.
    private const long MostBytes = 512 * 1024 * 1024;

    private static readonly string[] Extensions = [".json", ".jsonl"];

    /// <summary>Whether a file may be one, by its name.</summary>
    public static bool IsNamed(string path) => !ImageFile.IsSidecar(path)
        && Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The pictures found anywhere in such a file, as foreign images.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>At least one image, in the order of the file.</returns>
    /// <exception cref="NbException">The file is missing, unreadable, or holds no picture.</exception>
    public static ImmutableArray<NbImage> Import(string path)
    {
        if (!File.Exists(path)) throw FileErrors.NotFound(path);
        try
        {
            if (Disk.HasNoBytes(path)) throw FileErrors.Empty(path);
            if (new FileInfo(path).Length > MostBytes) throw PictureErrors.NotAnImage(path);
            ImmutableArray<Blob> pictures = PictureFinder.InBody(File.ReadAllBytes(path), BlobSink.Memory);
            return pictures.IsEmpty
                ? throw PictureErrors.NotAnImage(path)
                : [.. pictures.Select(picture => NbImage.Foreign(picture))];
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
    }
}
