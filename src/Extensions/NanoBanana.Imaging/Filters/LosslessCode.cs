namespace NanoBanana.Imaging.Filters;

/// <summary>A Huffman code of a lossless WebP.</summary>
internal sealed class LosslessCode
{
    private const int Longest = 15;

    private static readonly int[] Order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    // How many codes there are of each length, and what they stand for, the shortest first.
    private readonly int[] _counts = new int[Longest + 1];
    private readonly int[] _symbols;

    private LosslessCode(byte[] lengths)
    {
        foreach (byte length in lengths) _counts[length]++;
        _counts[0] = 0;
        _symbols = [.. Enumerable.Range(0, lengths.Length).Where(symbol => lengths[symbol] > 0)
            .OrderBy(symbol => lengths[symbol])];
        if (_symbols.Length == 0) throw Broken();
        if (_symbols.Length == 1) return;
        int open = 1;
        for (int length = 1; length <= Longest; length++) open = (open * 2) - _counts[length];
        if (open != 0) throw Broken();
    }

    /// <summary>Reads the definition of a code.</summary>
    /// <param name="bits">The bits to read.</param>
    /// <param name="size">How many symbols it may have.</param>
    public static LosslessCode Read(ref LosslessBits bits, int size)
    {
        var lengths = new byte[Math.Max(size, 256)];
        if (bits.Read(1) == 1)
        {
            bool hasTwo = bits.Read(1) == 1;
            lengths[bits.Read(bits.Read(1) == 0 ? 1 : 8)] = 1;
            if (hasTwo) lengths[bits.Read(8)] = 1;
            return new LosslessCode(lengths);
        }
        var own = new byte[Order.Length];
        int count = bits.Read(4) + 4;
        for (int i = 0; i < count; i++) own[Order[i]] = (byte)bits.Read(3);
        var code = new LosslessCode(own);
        int most = bits.Read(1) == 0 ? size : 2 + bits.Read(2 + (2 * bits.Read(3)));
        byte before = 8;
        for (int symbol = 0; symbol < size && most > 0; most--)
        {
            int length = code.Next(ref bits);
            if (length < 16)
            {
                lengths[symbol++] = (byte)length;
                if (length > 0) before = (byte)length;
                continue;
            }
            int times = length switch { 16 => 3 + bits.Read(2), 17 => 3 + bits.Read(3), _ => 11 + bits.Read(7) };
            if (times > size - symbol) throw Broken();
            if (length == 16) lengths.AsSpan(symbol, times).Fill(before);
            symbol += times;
        }
        return new LosslessCode(lengths);
    }

    /// <summary>Reads a symbol.</summary>
    public int Next(ref LosslessBits bits)
    {
        // A single symbol needs no bits.
        if (_symbols.Length == 1) return _symbols[0];
        int code = 0, first = 0, index = 0;
        for (int length = 1; length <= Longest; length++)
        {
            code |= bits.Read(1);
            int count = _counts[length];
            if (code - count < first) return _symbols[index + code - first];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        throw Broken();
    }

    private static InvalidDataException Broken() => new("one of its Huffman codes is broken.");
}
