using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>
/// Reads the beginning of lossless WebP data, up to where it says how many groups of Huffman codes follow. ImageSharp
/// 2.1 takes up to 40 KB
/// for each of up to 65536 groups as soon as a number says so: 2.6 GB for a file of forty bytes.
/// </summary>
internal static class LosslessGroups
{
    // Encoders make at most 2600, and never more than the picture that says which group is where has pixels.
    private const int Most = 5000;

    private const int Literals = 256;
    private const int Lengths = 24;

    // How far back the 120 shortest distances go: rows in the upper four bits, and 8 less the columns in the lower.
    private static readonly byte[] Near = Convert.FromHexString(
        "180717192806272916" + "1A262A38053739151B363A252B480447" + "49141C353B464A242C58454B343C0357"
            + "59131D565A232D444C555B333D680267"
        + "69121E666A222E545C434D656B323E78" + "017779535D111F646C424E767A212F75" + "7B313F636D525E00747C414F1020626E"
        + "30737D515F40727E616F50717F6070");

    /// <summary>Refuses a WebP whose lossless parts have too many.</summary>
    /// <param name="webp">What <see cref="WebpFilter"/> has left, of a size that is allowed.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">It has too many, or is damaged.</exception>
    public static void Demand(ReadOnlySpan<byte> webp, int width, int height, CancellationToken cancellationToken)
    {
        for (int at = 12; webp.Length - at >= 8;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(webp[(at + 4)..]);
            ReadOnlySpan<byte> name = webp.Slice(at, 4), data = webp.Slice(at + 8, length);
            if (name.SequenceEqual("VP8L"u8)) Demand(new LosslessBits(data[5..]), width, height, cancellationToken);
            // Transparency is packed in the same way, when its first two bits say so.
            else if (name.SequenceEqual("ALPH"u8) && length > 0 && (data[0] & 3) == 1)
            {
                Demand(new LosslessBits(data[1..]), width, height, cancellationToken);
            }
            at += 8 + length + (length & 1);
        }
    }

    private static void Demand(LosslessBits bits, int width, int height, CancellationToken cancellationToken)
    {
        int seen = 0;
        while (bits.Read(1) == 1)
        {
            int kind = bits.Read(2);
            if ((seen & (1 << kind)) != 0) throw new InvalidDataException("it is transformed twice in one way.");
            seen |= 1 << kind;
            if (kind == 3)
            {
                int colors = bits.Read(8) + 1;
                Picture(ref bits, colors, 1, cancellationToken);
                width = Shrunk(width, colors > 16 ? 0 : colors > 4 ? 1 : colors > 2 ? 2 : 3);
            }
            else if (kind != 2)
            {
                int by = bits.Read(3) + 2;
                Picture(ref bits, Shrunk(width, by), Shrunk(height, by), cancellationToken);
            }
        }
        if (bits.Read(1) == 1) bits.Read(4);
        if (bits.Read(1) == 0) return;
        int shrunkBy = bits.Read(3) + 2;
        uint[] which = Picture(ref bits, Shrunk(width, shrunkBy), Shrunk(height, shrunkBy), cancellationToken);
        uint groups = which.Max(pixel => pixel >> 8 & 0xFFFF) + 1;
        if (groups > Math.Min(which.Length, Most))
        {
            throw new InvalidDataException("it has more Huffman codes than it can need.");
        }
    }

    private static int Shrunk(int side, int by) => (side + (1 << by) - 1) >> by;

    // A picture within the picture: literals, stretches that were there before, and colors that were.
    private static uint[] Picture(ref LosslessBits bits, int width, int height, CancellationToken cancellationToken)
    {
        int cacheBits = bits.Read(1) == 1 ? bits.Read(4) : 0;
        if (cacheBits > 11) throw new InvalidDataException("its cache of colors is too large.");
        uint[] cache = new uint[cacheBits == 0 ? 0 : 1 << cacheBits], pixels = new uint[width * height];
        LosslessCode green = LosslessCode.Read(ref bits, Literals + Lengths + cache.Length);
        LosslessCode red = LosslessCode.Read(ref bits, 256), blue = LosslessCode.Read(ref bits, 256);
        LosslessCode alpha = LosslessCode.Read(ref bits, 256), distances = LosslessCode.Read(ref bits, 40);
        for (int at = 0; at < pixels.Length;)
        {
            if ((at & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            int symbol = green.Next(ref bits), length = 1, back = 0;
            uint color = 0;
            if (symbol < Literals)
            {
                int r = red.Next(ref bits), b = blue.Next(ref bits);
                color = (uint)((alpha.Next(ref bits) << 24) | (r << 16) | (symbol << 8) | b);
            }
            else if (symbol < Literals + Lengths)
            {
                length = Number(ref bits, symbol - Literals);
                back = Back(Number(ref bits, distances.Next(ref bits)), width);
                if (back > at || length > pixels.Length - at)
                {
                    throw new InvalidDataException("it copies what is not there.");
                }
            }
            else
            {
                int index = symbol - Literals - Lengths;
                color = index < cache.Length ? cache[index]
                    : throw new InvalidDataException("it has a color that is not there.");
            }
            for (; length > 0; length--, at++)
            {
                pixels[at] = back == 0 ? color : pixels[at - back];
                if (cacheBits > 0) cache[(int)((0x1E35A7BD * pixels[at]) >> (32 - cacheBits))] = pixels[at];
            }
        }
        return pixels;
    }

    private static int Number(ref LosslessBits bits, int symbol)
    {
        if (symbol < 4) return symbol + 1;
        int more = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << more) + bits.Read(more) + 1;
    }

    private static int Back(int code, int width) =>
        code > Near.Length ? code - Near.Length
            : Math.Max(1, ((Near[code - 1] >> 4) * width) + 8 - (Near[code - 1] & 0xF));
}
