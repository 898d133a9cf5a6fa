namespace NanoBanana.Emulator.Drawing;

/// <summary>
/// A zlib stream of one fixed-Huffman block whose only matches are runs of one byte. Filtered rows of flat colors are
/// nearly all runs, so this is enough.
/// </summary>
internal sealed class Deflater
{
    private const int LongestRun = 258;
    private const int ShortestRun = 3;
    private const int AdlerPrime = 65521;

    // RFC 1951, 3.2.5: the first length of each code from 257 on, and how many extra bits follow.
    private static readonly int[] LengthBase =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
            258];

    private static readonly int[] LengthExtra =
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private readonly ByteBuffer _output = new(64 * 1024);
    private uint _bits;
    private int _bitCount;
    private int _last = -1;
    private int _run;
    private uint _a = 1;
    private uint _b;

    public Deflater()
    {
        _output.Add([0x78, 0x01]);
        AddBits(0b011, 3);
    }

    public void Add(ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            if (value == _last && _run < LongestRun)
            {
                _run++;
                continue;
            }

            FlushRun();
            if (value == _last)
            {
                _run = 1;
                continue;
            }

            AddSymbol(value);
            _last = value;
        }

        AddAdler(data);
    }

    public ReadOnlySpan<byte> Finish()
    {
        FlushRun();
        AddSymbol(256);
        while (_bitCount > 0) FlushByte();
        _output.AddUInt32((_b << 16) | _a);
        return _output.Written;
    }

    private void FlushRun()
    {
        if (_run >= ShortestRun)
        {
            int code = LengthBase.Length - 1;
            while (LengthBase[code] > _run) code--;
            AddSymbol(257 + code);
            AddBits((uint)(_run - LengthBase[code]), LengthExtra[code]);
            AddBits(0, 5);
        }
        else
        {
            for (int index = 0; index < _run; index++) AddSymbol(_last);
        }

        _run = 0;
    }

    // The fixed code of RFC 1951, 3.2.6. Huffman codes go in with their highest bit first.
    private void AddSymbol(int symbol)
    {
        (int code, int length) = symbol switch
        {
            < 144 => (0x30 + symbol, 8),
            < 256 => (0x190 + symbol - 144, 9),
            < 280 => (symbol - 256, 7),
            _ => (0xC0 + symbol - 280, 8),
        };
        uint reversed = 0;
        for (int bit = 0; bit < length; bit++) reversed |= (uint)((code >> bit) & 1) << (length - 1 - bit);
        AddBits(reversed, length);
    }

    private void AddBits(uint value, int count)
    {
        _bits |= value << _bitCount;
        _bitCount += count;
        while (_bitCount >= 8) FlushByte();
    }

    private void FlushByte()
    {
        _output.Add((byte)_bits);
        _bits >>= 8;
        _bitCount = Math.Max(0, _bitCount - 8);
    }

    private void AddAdler(ReadOnlySpan<byte> data)
    {
        // 5552 bytes are the most that fit 32 bits before the remainder must be taken.
        while (data.Length > 0)
        {
            ReadOnlySpan<byte> piece = data[..Math.Min(data.Length, 5552)];
            foreach (byte value in piece)
            {
                _a += value;
                _b += _a;
            }

            _a %= AdlerPrime;
            _b %= AdlerPrime;
            data = data[piece.Length..];
        }
    }
}
