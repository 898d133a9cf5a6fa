using System.Buffers.Binary;
using System.IO.Compression;

namespace NanoBanana.Imaging.Filters;

/// <summary> Puts the rows of an interlaced PNG in order. ImageSharp 2.1 never comes back from such a file when its
/// pixels end too early, when something follows them, or when it is less than five pixels wide; so it never gets an
/// interlaced one. </summary>
internal static class PngInterlace
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Whether a PNG is interlaced.</summary>
    /// <param name="png">What <see cref="PngFilter"/> has left.</param>
    public static bool IsInterlaced(ReadOnlySpan<byte> png) => png[28] != 0;

    /// <summary>Makes the same picture without interlacing.</summary>
    /// <param name="png">What <see cref="PngFilter"/> has left, of a size that is allowed.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="InvalidDataException">Its pixels are damaged, or end too early.</exception>
    public static byte[] Removed(ReadOnlySpan<byte> png, CancellationToken cancellationToken)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(png[16..]),
            height = BinaryPrimitives.ReadInt32BigEndian(png[20..]);
        int bits = png[24] * png[25] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        // Up to eight a pixel are a power of two; more are whole bytes.
        if (bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32 or 48 or 64))
        {
            throw new InvalidDataException("its pixels are of no known kind.");
        }
        using var made = new MemoryStream();
        using var packed = new MemoryStream();
        made.Write(png[..8]);
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            ReadOnlySpan<byte> name = png.Slice(at + 4, 4), data = png.Slice(at + 8, length);
            if (name.SequenceEqual("IDAT"u8)) packed.Write(data);
            else if (name.SequenceEqual("IHDR"u8)) PngChunks.Write(made, name, [.. data[..12], 0]);
            else if (name.SequenceEqual("IEND"u8)) break;
            else made.Write(png.Slice(at, length + 12));
            at += length + 12;
        }
        packed.Position = 0;
        PngChunks.Write(made, "IDAT"u8, Pack(Rows(packed, width, height, bits, cancellationToken)));
        PngChunks.Write(made, "IEND"u8, []);
        return made.ToArray();
    }

    private static byte[] Rows(MemoryStream packed, int width, int height, int bits,
        CancellationToken cancellationToken)
    {
        using var stream = new ZLibStream(packed, CompressionMode.Decompress);
        // Each row begins with its filter type: 0 for none.
        int whole = RowLength(width, bits) + 1;
        byte[] rows = new byte[checked(whole * height)];
        byte[] row = new byte[whole], before = new byte[whole];
        foreach ((int x, int y, int stepX, int stepY) in Passes)
        {
            int columns = (width - x + stepX - 1) / stepX, length = RowLength(columns, bits) + 1;
            if (columns == 0) continue;
            Array.Clear(before);
            for (int to = y; to < height; to += stepY)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (stream.ReadAtLeast(row.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
                {
                    throw PictureFilter.NoEnd();
                }
                Decode(row.AsSpan(0, length), before, Math.Max(1, bits / 8));
                Spread(row.AsSpan(1, length - 1), rows.AsSpan((to * whole) + 1, whole - 1), columns, x, stepX, bits);
                (row, before) = (before, row);
            }
        }
        return rows;
    }

    // Each byte was written as its difference from the byte to the left, above, or both.
    private static void Decode(Span<byte> row, ReadOnlySpan<byte> before, int step)
    {
        byte kind = row[0];
        if (kind > 4) throw new InvalidDataException("its rows are of no known kind.");
        for (int at = 1; at < row.Length; at++)
        {
            int left = at > step ? row[at - step] : 0, up = before[at], corner = at > step ? before[at - step] : 0;
            row[at] += (byte)(kind switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ =>
                0 });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner),
            toCorner = Math.Abs(left + up - (2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static void Spread(ReadOnlySpan<byte> from, Span<byte> to, int columns, int x, int step, int bits)
    {
        for (int column = 0; column < columns; column++, x += step)
        {
            if (bits >= 8)
            {
                from.Slice(column * bits / 8, bits / 8).CopyTo(to[(x * bits / 8)..]);
                continue;
            }
            int value = from[column * bits / 8] >> (8 - bits - (column * bits % 8)) & ((1 << bits) - 1);
            to[x * bits / 8] |= (byte)(value << (8 - bits - (x * bits % 8)));
        }
    }

    private static int RowLength(int columns, int bits) => (int)((((long)columns * bits) + 7) / 8);

    private static ReadOnlySpan<byte> Pack(byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.NoCompression, leaveOpen: true)) stream.Write(rows);
        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }
}
