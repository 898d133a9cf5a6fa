using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>Bytes that were checked to be an image the service accepts as input; as a reference also a video, a
/// document, or an address that the service fetches itself.</summary>
/// <param name="Data">The bytes.</param>
/// <param name="Format">By magic bytes.</param>
/// <param name="Name">Its name for people: a file name or a short hash.</param>
public sealed record Picture(Blob Data, PictureFormat Format, string Name)
{
    /// <summary>The largest file that the service's storage accepts, and so the largest picture.</summary>
    public const long MaximumLength = 2L * 1024 * 1024 * 1024;

    /// <summary>The address that is sent in place of the bytes, which are not fetched here; null for bytes. Then
    /// <see cref="Data"/> holds the address.</summary>
    public string? Address { get; private init; }

    /// <summary>The type that is sent with the address; empty where the address tells enough.</summary>
    public string DeclaredType { get => Address is null ? Format.MimeType : field; private init; } = "";

    /// <summary>Whether it is a picture with bytes.</summary>
    public bool IsImage => Address is null && Format.Kind == PictureFormat.Image;

    /// <summary>Length in bytes.</summary>
    public long Length => Data.Length;

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public string Sha256 => Data.Sha256;

    /// <summary>Opens an image file; its bytes stay in the file until they are sent.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing, empty, too long, unreadable, no image, or of a format the
    /// service does not take.</exception>
    public static Picture FromFile(string path)
    {
        path = SameName.Existing(path);
        if (!File.Exists(path)) throw FileErrors.NotFound(path);
        return FromBlob(Blob.FromFile(path), Path.GetFileName(path), path);
    }

    /// <summary>Opens a file that may be a picture, a video or a document.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing, empty, too long, unreadable, or of a format the service does
    /// not take.</exception>
    public static Picture FromInput(string path)
    {
        path = SameName.Existing(path);
        if (!File.Exists(path)) throw FileErrors.NotFound(path);
        return FromInput(Blob.FromFile(path), Path.GetFileName(path), path);
    }

    /// <summary>Makes a reference to an address that the service fetches itself.</summary>
    /// <param name="address">An https or gs address.</param>
    /// <param name="mimeType">Its type; null to go by the address.</param>
    /// <exception cref="NbException">It is not such an address, or its type is unknown.</exception>
    public static Picture ByReference(string address, string? mimeType = null)
    {
        if (!MediaAddress.TryRead(address, out Uri? uri)) throw PictureErrors.NotAReference(address);
        address = address.Trim();
        bool isVideoPage = MediaAddress.IsVideoPage(address);
        // A password and everything after the path may be secrets: they are sent but never shown.
        string name = Path.GetFileName(uri.AbsolutePath);
        if (isVideoPage || name.Length == 0) name = uri.Host;
        PictureFormat? format = mimeType is not null ? PictureFormat.OfMimeType(mimeType.Trim().ToLowerInvariant())
            : isVideoPage ? PictureFormat.Videos[0]
            : PictureFormat.OfInputExtension(Path.GetExtension(uri.AbsolutePath));
        if (format is null) throw PictureErrors.UnknownType(name, mimeType);
        if (!format.IsInput) throw PictureErrors.UnsupportedInput(name, format.MimeType);
        return new Picture(Blob.FromBytes(Encoding.UTF8.GetBytes(address)), format, name)
        {
            Address = address,
            DeclaredType = isVideoPage ? "" : format.MimeType,
        };
    }

    /// <summary>An address as it was recorded, unchecked.</summary>
    internal static Picture Recorded(string address, string mimeType, string name) =>
        new(Blob.FromBytes(Encoding.UTF8.GetBytes(address)),
            PictureFormat.OfMimeType(mimeType) ?? PictureFormat.Png, name)
        {
            Address = address,
            DeclaredType = MediaAddress.IsVideoPage(address) ? "" : mimeType,
        };

    /// <summary>Checks bytes of a picture, a video or a document.</summary>
    /// <inheritdoc cref="FromBlob"/>
    internal static Picture FromInput(Blob data, string name, string? path = null) =>
        data.Length is > 0 and <= MaximumLength
            && MediaSignatures.Detect(data.ReadHead(MediaSignatures.HeadLength)) is { } format
            && PictureFormat.Detect(data.ReadHead(PictureFormat.HeadLength)) is null
            ? new Picture(data, format, name) : FromBlob(data, name, path);

    /// <summary>Checks bytes in memory.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="name">What a person calls it.</param>
    /// <param name="path">Where it came from, for errors; null for the name.</param>
    /// <exception cref="NbException">It is empty, too long, no image, or of a format the service does not
    /// take.</exception>
    internal static Picture FromBlob(Blob data, string name, string? path = null)
    {
        if (data.Length == 0) throw FileErrors.Empty(path ?? name);
        // Checked before reading, because hashing a large file takes long.
        if (data.Length > MaximumLength) throw PictureErrors.FileTooLong(path ?? name, data.Length, MaximumLength);
        PictureFormat format = PictureFormat.Detect(data.ReadHead(PictureFormat.HeadLength))
            ?? throw PictureErrors.NotAnImage(path ?? name);
        return format.IsInput ? new Picture(data, format, name)
            : throw PictureErrors.UnsupportedInput(path ?? name, format.MimeType);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
