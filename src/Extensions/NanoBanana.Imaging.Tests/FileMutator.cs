using System.Buffers.Binary;
using System.IO.Compression;

namespace NanoBanana.Imaging.Tests;

/// <summary>Makes broken files from valid ones: changes single bytes and bits, removes, doubles and moves ranges, and
/// sets numbers to their limits.</summary>
internal static class FileMutator
{
    private static readonly byte[] Borders = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>Makes one.</summary>
    /// <param name="seeds">Whole files.</param>
    /// <param name="format">Their format; a PNG gets valid checksums again, because otherwise nothing after them would
    /// be read.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Mutate(byte[][] seeds, string format, Random random)
    {
        byte[] bytes = seeds[random.Next(seeds.Length)];
        if (format == "png" && random.Next(3) == 0) return Repacked(bytes, random);
        List<byte> changed = [.. bytes];
        for (int change = random.Next(1, 6); change > 0; change--) Change(changed, random, 8);
        if (format == "webp" && changed.Count > 8 && random.Next(4) > 0) WriteLength(changed);
        byte[] made = [.. changed];
        if (format == "png") FileParts.MendChecksums(made);
        return made;
    }

    private static void Change(List<byte> bytes, Random random, int from)
    {
        if (bytes.Count <= from + 4) return;
        int at = random.Next(from, bytes.Count), length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(10))
        {
            case 0:
                bytes.RemoveRange(at, length);
                break;
            case 1:
                bytes.InsertRange(random.Next(from, bytes.Count), bytes.GetRange(at, length));
                break;
            case 2 or 3:
                bytes[at] = Borders[random.Next(Borders.Length)];
                break;
            case 4:
                for (int i = 0; i < Math.Min(length, 4); i++) bytes[at + i] = Borders[random.Next(Borders.Length)];
                break;
            case 5 or 6:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            default:
                bytes[at] = (byte)random.Next(256);
                break;
        }
    }

    // Compressed data is changed before it is compressed again, so that it reaches the decoder.
    private static byte[] Repacked(byte[] png, Random random)
    {
        List<byte> made = [.. png[..8]];
        using var packed = new MemoryStream();
        for (int at = 8; at + 12 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string name = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            List<byte> data = [.. png[(at + 8)..(at + 8 + length)]];
            at += length + 12;
            if (name == "IDAT")
            {
                packed.Write([.. data]);
                continue;
            }
            if (name == "IEND") made.AddRange(FileParts.PngChunk("IDAT", Changed(packed.ToArray(), random)));
            if (name != "IEND" && random.Next(3) == 0) Change(data, random, 0);
            made.AddRange(FileParts.PngChunk(name, [.. data]));
        }
        return [.. made];
    }

    private static byte[] Changed(byte[] packed, Random random)
    {
        using var plain = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress)) zlib.CopyTo(plain);
        List<byte> rows = [.. plain.ToArray()];
        for (int change = random.Next(1, 8); change > 0; change--) Change(rows, random, 0);
        List<byte> again = [.. FileParts.Compressed([.. rows])];
        if (random.Next(4) == 0) Change(again, random, 0);
        return [.. again];
    }

    private static void WriteLength(List<byte> riff)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, riff.Count - 8);
        for (int i = 0; i < 4; i++) riff[4 + i] = length[i];
    }
}
