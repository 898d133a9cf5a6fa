using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>Bytes that have been looked at and are an image the service takes as input.</summary>
/// <param name="Data">The bytes.</param>
/// <param name="Format">By magic bytes.</param>
/// <param name="Name">What a person calls it: a file name or a short hash.</param>
public sealed record Picture(Blob Data, PictureFormat Format, string Name)
{
    /// <summary>Bytes that the service's file storage takes as one file; no picture goes another way when it is that
    /// long.</summary>
    public const long MaximumLength = 2L * 1024 * 1024 * 1024;

    /// <summary>Length in bytes.</summary>
    public long Length => Data.Length;

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public string Sha256 => Data.Sha256;

    /// <summary>Opens an image file; its bytes stay where they are until they are sent.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing, empty, too long, unreadable, no image, or of a format the
    /// service does not take.</exception>
    public static Picture FromFile(string path)
    {
        if (!File.Exists(path)) throw FileErrors.NotFound(path);
        return FromBlob(Blob.FromFile(path), Path.GetFileName(path), path);
    }

    /// <summary>Looks at bytes that are held already.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="name">What a person calls it.</param>
    /// <param name="path">Where it came from, for errors; null for the name.</param>
    /// <exception cref="NbException">It is empty, too long, no image, or of a format the service does not
    /// take.</exception>
    internal static Picture FromBlob(Blob data, string name, string? path = null)
    {
        if (data.Length == 0) throw FileErrors.Empty(path ?? name);
        // Before anything of it is read: to hash it alone would take a while.
        if (data.Length > MaximumLength) throw PictureErrors.FileTooLong(path ?? name, data.Length, MaximumLength);
        PictureFormat format = PictureFormat.Detect(data.ReadHead(PictureFormat.HeadLength))
            ?? throw PictureErrors.NotAnImage(path ?? name);
        return format.IsInput ? new Picture(data, format, name)
            : throw PictureErrors.UnsupportedInput(path ?? name, format.MimeType);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
