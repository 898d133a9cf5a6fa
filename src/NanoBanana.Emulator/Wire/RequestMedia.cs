using System.Text;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Wire;

/// <summary>Bytes a part brought along, inline or from an uploaded file.</summary>
internal sealed class RequestMedia(string mimeType, ReadOnlyMemory<byte> bytes)
{
    private readonly Lazy<string> _hash = new(() => Sha256Hex.Of(bytes.Span));
    private readonly Lazy<ImageHeader?> _header = new(() => ImageHeader.TryRead(bytes.Span));
    private readonly Lazy<EmulatorPicture?> _picture = new(() => EmulatorPicture.TryRead(bytes.Span));

    private readonly Lazy<Raster?> _raster = new(() => Raster.TryRead(bytes.Span));

    public string MimeType { get; } = mimeType;

    /// <summary>Whether it is an address on another host, which the emulator does not fetch.</summary>
    public bool IsReference { get; private init; }

    /// <summary>How closely it is to be looked at; null where the request says it for all, or not at all.</summary>
    public string? Resolution { get; init; }

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>SHA-256 in lower-case hex.</summary>
    public string Hash => _hash.Value;

    public bool IsImage => MimeType.StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Format and size by the magic bytes, or null when they are no image's.</summary>
    public ImageHeader? Header => _header.Value;

    /// <summary>What an emulator drew in it, or null for any other image.</summary>
    public EmulatorPicture? Picture => _picture.Value;

    /// <summary>Its pixels, or null for an image whose kind is not read here.</summary>
    public Raster? Raster => _raster.Value;

    /// <summary>What the Interactions API calls it: image, video, audio or document.</summary>
    public string ContentType => MimeType.Split('/')[0].ToLowerInvariant() switch
    {
        "application" or "text" => "document",
        { } kind => kind,
    };

    /// <summary>Whether an address leads elsewhere: Cloud Storage, or a web address that is not one of the service's
    /// files.</summary>
    public static bool IsForeign(string uri) => uri.StartsWith("gs://", StringComparison.Ordinal)
        || (uri.StartsWith("https://", StringComparison.Ordinal) && !uri.Contains("/files/", StringComparison.Ordinal));

    /// <summary>The same, looked at so closely.</summary>
    public RequestMedia With(string? resolution) => resolution is null ? this
        : new RequestMedia(MimeType, Bytes) { IsReference = IsReference, Resolution = resolution };

    // The page of a video needs no kind: there is nothing else on it.
    private static bool IsVideoPage(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out Uri? page)
            && page.Host is "www.youtube.com" or "youtube.com" or "youtu.be";

    /// <summary>What stands at an address elsewhere; its content follows from the address.</summary>
    public static RequestMedia Reference(string uri, string mimeType) =>
        new(mimeType.Length == 0
            && IsVideoPage(uri) ? "video/mp4" : mimeType, Encoding.UTF8.GetBytes(uri)) { IsReference = true };
}
