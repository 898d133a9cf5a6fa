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
}
