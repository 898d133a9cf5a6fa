namespace NanoBanana.Emulator.Tests;

/// <summary>
/// Reads the mean color of every 8x8 block of a baseline JPEG without subsampling. Independent of the writer: it
/// follows
/// the file's own tables, and it fails when the entropy-coded data does not end where it should.
/// </summary>
internal sealed class JpegBlocks
{
    private readonly Dictionary<int, int> _dcQuantization = [];
    private readonly Dictionary<int, Dictionary<(int Length, int Code), byte>> _huffman = [];
    private readonly int[] _quantizationOf = new int[3];
    private readonly int[] _tablesOf = new int[3];
    private readonly byte[] _bytes;
    private int _position = 2;
    private int _bits;
    private int _bitCount;

    public JpegBlocks(byte[] bytes)
    {
        _bytes = bytes;
        while (ReadSegment())
        {
        }

        ReadScan();
    }

    public int Columns { get; private set; }

    public int Rows { get; private set; }

    public (int Red, int Green, int Blue)[,] Colors { get; private set; } = new (int, int, int)[0, 0];

    private bool ReadSegment()
    {
        byte marker = _bytes[_position + 1];
        int length = (_bytes[_position + 2] << 8) | _bytes[_position + 3];
        ReadOnlySpan<byte> data = _bytes.AsSpan(_position + 4, length - 2);
        _position += length + 2;
        switch (marker)
        {
            case 0xDB:
                _dcQuantization[data[0]] = data[1];
                break;
            case 0xC4:
                _huffman[data[0]] = ReadTable(data[1..]);
                break;
            case 0xC0:
                Rows = ((data[1] << 8) | data[2]) / 8;
                Columns = ((data[3] << 8) | data[4]) / 8;
                for (int component = 0; component < 3; component++)
                {
                    Assert.Equal(0x11, data[7 + (component * 3)]);
                    _quantizationOf[component] = data[8 + (component * 3)];
                }

                break;
            case 0xDA:
                for (int component = 0; component < 3; component++) _tablesOf[component] = data[2 + (component * 2)];
                return false;
        }

        return true;
    }

    private static Dictionary<(int Length, int Code), byte> ReadTable(ReadOnlySpan<byte> data)
    {
        Dictionary<(int, int), byte> table = [];
        int code = 0;
        int next = 16;
        for (int length = 1; length <= 16; length++)
        {
            for (int count = 0; count < data[length - 1]; count++) table[(length, code++)] = data[next++];
            code <<= 1;
        }

        return table;
    }

    private void ReadScan()
    {
        Colors = new (int, int, int)[Rows, Columns];
        int[] dc = new int[3];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                for (int component = 0; component < 3; component++)
                {
                    dc[component] += Signed(Symbol(_tablesOf[component] >> 4));
                    for (int index = 1; index < 64; index++)
                    {
                        byte symbol = Symbol(0x10 | (_tablesOf[component] & 15));
                        if (symbol == 0) break;
                        index += symbol >> 4;
                        Signed((byte)(symbol & 15));
                    }
                }

                double y = Mean(0) + 128;
                double cb = Mean(1);
                double cr = Mean(2);
                Colors[row, column] = (
                    (int)Math.Round(y + (1.402 * cr)),
                    (int)Math.Round(y - (0.344136 * cb) - (0.714136 * cr)),
                    (int)Math.Round(y + (1.772 * cb)));

                double Mean(int component) => dc[component] * _dcQuantization[_quantizationOf[component]] / 8.0;
            }
        }

        Assert.Equal([0xFF, 0xD9], _bytes[_position..]);
    }

    private byte Symbol(int table)
    {
        int code = 0;
        for (int length = 1; length <= 16; length++)
        {
            code = (code << 1) | Bit();
            if (_huffman[table].TryGetValue((length, code), out byte symbol)) return symbol;
        }

        throw new InvalidDataException("No such code.");
    }

    private int Signed(byte length)
    {
        int value = 0;
        for (int bit = 0; bit < length; bit++) value = (value << 1) | Bit();
        return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    }

    private int Bit()
    {
        if (_bitCount == 0)
        {
            _bits = _bytes[_position++];
            _bitCount = 8;
            if (_bits == 0xFF) Assert.Equal(0, _bytes[_position++]);
        }

        return (_bits >> --_bitCount) & 1;
    }
}
