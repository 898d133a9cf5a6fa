using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NanoBanana.Tests.Pictures;

/// <summary>The smallest files that say what they are and how long.</summary>
internal static class MediaSamples
{
    /// <summary>An MP4 whose header stands behind the pictures, as many cameras write it.</summary>
    public static byte[] Mp4(int seconds, string brand = "isom")
    {
        byte[] header = new byte[108];
        BinaryPrimitives.WriteUInt32BigEndian(header, 108);
        "mvhd"u8.CopyTo(header.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), 1000);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), (uint)seconds * 1000);
        return [.. Box("ftyp", Encoding.ASCII.GetBytes(brand + "\0\0\0\0isom")), .. Box("mdat", new byte[100]),
            .. Box("moov", header)];
    }

    /// <summary>A WebM that lasts so long.</summary>
    public static byte[] Webm(double seconds)
    {
        byte[] duration = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(duration, seconds * 1000);
        return [0x1A, 0x45, 0xDF, 0xA3, 0x01, 0, 0, 0, 0, 0, 0, 0x1F, 0x42, 0x86, 0x81, 1, 0x42, 0xF7, 0x81, 1, 0x42,
            0xF2, 0x81, 4, 0x42, 0xF3, 0x81, 8, 0x42, 0x82, 0x84, .. "webm"u8, 0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40,
            0x44, 0x89, 0x88, .. duration];
    }

    /// <summary>A PDF with so many pages.</summary>
    /// <param name="pages">How many.</param>
    /// <param name="isPacked">Whether they are in one stream of objects, as newer programs write them.</param>
    public static byte[] Pdf(int pages, bool isPacked = false)
    {
        string objects = string.Concat(Enumerable.Repeat("<</Type/Page/Parent 2 0 R>>\n", pages));
        byte[] start = Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            + "2 0 obj<</Type /Pages /Count 9>>endobj\n");
        if (!isPacked) return [.. start, .. Encoding.ASCII.GetBytes(objects), .. "%%EOF"u8];
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zip.Write(Encoding.ASCII.GetBytes(objects));
        }
        return [.. start, .. "3 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\r\n"u8, .. packed.ToArray(),
            .. "\nendstream endobj %%EOF"u8];
    }

    private static byte[] Box(string type, byte[] content)
    {
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, content.Length + 8);
        return [.. size, .. Encoding.ASCII.GetBytes(type), .. content];
    }
}
