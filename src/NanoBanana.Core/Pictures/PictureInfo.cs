using System.Buffers.Binary;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Pictures;

/// <summary>The information in the header of an image. The pixels are not decoded.</summary>
/// <param name="Format">By magic bytes.</param>
/// <param name="Size">In pixels, as stored, before any orientation tag; null when the header cannot be read that
/// far.</param>
internal sealed record PictureInfo(PictureFormat Format, PixelSize? Size)
{
    // HEIF has its sizes in boxes near the start; longer headers are not read.
    private const int HeifHeader = 64 * 1024;

    /// <summary>Reads the header of an image; null when it is not an image of a known format.</summary>
    /// <exception cref="NbException">The file behind the blob is missing or unreadable.</exception>
    public static PictureInfo? Read(Blob blob)
    {
        byte[] head = blob.ReadHead(PictureFormat.HeadLength);
        return PictureFormat.Detect(head) is { } format ? new PictureInfo(format, ReadSize(format, head, blob)) : null;
    }

    private static PixelSize? ReadSize(PictureFormat format, byte[] bytes, Blob blob)
    {
        ReadOnlySpan<byte> head = bytes;
        PixelSize? size = format.MimeType switch
        {
            "image/png" when head.Length >= 24 => new PixelSize(
                BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..])),
            "image/gif" when head.Length >= 10 => new PixelSize(
                BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
            "image/webp" => ReadWebp(head),
            "image/jpeg" => ReadJpeg(blob),
            "image/heic" or "image/heif" => ReadHeif(blob.ReadHead(HeifHeader)),
            _ => null,
        };
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    // https://developers.google.com/speed/webp/docs/riff_container
    private static PixelSize? ReadWebp(ReadOnlySpan<byte> head)
    {
        if (head.Length < 30) return null;
        ReadOnlySpan<byte> chunk = head[12..16];
        if (chunk.SequenceEqual("VP8 "u8))
        {
            return new PixelSize(
                BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF);
        }
        if (chunk.SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return new PixelSize((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }
        return chunk.SequenceEqual("VP8X"u8)
            ? new PixelSize(
                (head[24] | head[25] << 8 | head[26] << 16) + 1,
                (head[27] | head[28] << 8 | head[29] << 16) + 1)
            : null;
    }

    // ITU T.81, annex B: segments up to the first start-of-frame.
    private static PixelSize? ReadJpeg(Blob blob)
    {
        using var stream = new BufferedStream(blob.OpenRead());
        var reader = new BigEndianReader(stream);
        if (!reader.Skip(2)) return null;
        while (reader.TryReadByte(out int fill))
        {
            if (fill != 0xFF) return null;
            int marker;
            do
            {
                if (!reader.TryReadByte(out marker)) return null;
            }
            while (marker == 0xFF);
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7)) continue;
            if (marker is 0xD9 or 0xDA || !reader.TryReadUInt16(out int length) || length < 2) return null;
            bool startOfFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (!startOfFrame)
            {
                if (!reader.Skip(length - 2)) return null;
                continue;
            }
            return reader.Skip(1) && reader.TryReadUInt16(out int height) && reader.TryReadUInt16(out int width)
                ? new PixelSize(width, height)
                : null;
        }
        return null;
    }

    // ISO/IEC 23008-12: every item's size is in an "ispe" box; the picture itself is the largest of them.
    private static PixelSize? ReadHeif(ReadOnlySpan<byte> left)
    {
        PixelSize? largest = null;
        while (left.IndexOf("ispe"u8) is >= 0 and var at && at + 16 <= left.Length)
        {
            var size = new PixelSize(
                BinaryPrimitives.ReadInt32BigEndian(left[(at + 8)..]),
                    BinaryPrimitives.ReadInt32BigEndian(left[(at + 12)..]));
            if (largest is null || (long)size.Width * size.Height > (long)largest.Value.Width * largest.Value.Height)
            {
                largest = size;
            }
            left = left[(at + 16)..];
        }
        return largest;
    }

    private readonly struct BigEndianReader(Stream stream)
    {
        public bool TryReadByte(out int value) => (value = stream.ReadByte()) >= 0;

        public bool TryReadUInt16(out int value)
        {
            value = 0;
            if (!TryReadByte(out int high) || !TryReadByte(out int low)) return false;
            value = high << 8 | low;
            return true;
        }

        public bool Skip(int count)
        {
            Span<byte> buffer = stackalloc byte[512];
            while (count > 0)
            {
                int read = stream.Read(buffer[..Math.Min(count, buffer.Length)]);
                if (read == 0) return false;
                count -= read;
            }
            return true;
        }
    }
}
