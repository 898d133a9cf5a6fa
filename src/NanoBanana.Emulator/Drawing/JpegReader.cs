namespace NanoBanana.Emulator.Drawing;

/// <summary>Reads baseline JPEG in whole numbers only, with any subsampling and restarts.</summary>
internal sealed class JpegReader(byte[] bytes)
{
    private readonly int[][] _quantization = [[], [], [], []];
    private readonly Dictionary<(int Length, int Code), byte>[] _huffman = [[], [], [], [], [], [], [], []];
    private readonly int[] _coefficients = new int[64];
    private readonly int[] _rows = new int[64];
    private Component[] _components = [];
    private int _width;
    private int _height;
    private int _restart;
    private int _position = 2;
    private int _bits;
    private int _bitCount;

    /// <returns>Null for another kind of JPEG.</returns>
    public Raster? Read()
    {
        while (true)
        {
            byte marker = bytes[_position + 1];
            int length = (bytes[_position + 2] << 8) | bytes[_position + 3];
            ReadOnlySpan<byte> data = bytes.AsSpan(_position + 4, length - 2);
            _position += length + 2;
            switch (marker)
            {
                case 0xDB:
                    ReadQuantization(data);
                    break;
                case 0xC4:
                    ReadHuffman(data);
                    break;
                case 0xDD:
                    _restart = (data[0] << 8) | data[1];
                    break;
                case 0xC0 or 0xC1:
                    ReadFrame(data);
                    break;
                case >= 0xC2 and <= 0xCF and not (0xC8 or 0xCC):
                    return null;
                case 0xDA:
                    if (data[0] != _components.Length) return null;
                    for (int index = 0; index < _components.Length; index++)
                    {
                        _components[index].Tables = data[2 + (index * 2)];
                    }
                    ReadScan();
                    return ToRaster();
            }
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            int[] table = new int[64];
            int size = data[0] >> 4 == 0 ? 1 : 2;
            for (int index = 0; index < 64; index++)
            {
                table[JpegTables.ZigZag[index]] = size == 1 ? data[1 + index]
                    : (data[1 + (index * 2)] << 8) | data[2 + (index * 2)];
            }
            _quantization[data[0] & 3] = table;
            data = data[(1 + (64 * size))..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            Dictionary<(int, int), byte> table = [];
            int code = 0, symbol = 17;
            for (int length = 1; length <= 16; length++, code <<= 1)
            {
                for (int count = data[length]; count > 0; count--) table[(length, code++)] = data[symbol++];
            }

            _huffman[((data[0] >> 4) * 4) | (data[0] & 3)] = table;
            data = data[symbol..];
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> data)
    {
        _height = (data[1] << 8) | data[2];
        _width = (data[3] << 8) | data[4];
        _components = new Component[data[5]];
        for (int index = 0; index < _components.Length; index++)
        {
            _components[index] =
                new Component(data[7 + (index * 3)] >> 4, data[7 + (index * 3)] & 15, data[8 + (index * 3)] & 3);
        }
        if (_components.Length is not (1 or 3)) throw new InvalidDataException("Only gray and color are read here.");

        // A single component is never interleaved, whatever its factors say.
        if (_components.Length == 1) _components[0] = new Component(1, 1, _components[0].Quantization);
        foreach (Component component in _components)
        {
            component.Stride = Columns * component.Horizontal * 8;
            component.Samples = new byte[component.Stride * Rows * component.Vertical * 8];
        }
    }

    private int Columns =>
        (_width + (_components.Max(part => part.Horizontal) * 8) - 1) / (_components.Max(part => part.Horizontal) * 8);

    private int Rows =>
        (_height + (_components.Max(part => part.Vertical) * 8) - 1) / (_components.Max(part => part.Vertical) * 8);

    private void ReadScan()
    {
        int columns = Columns, units = columns * Rows;
        for (int unit = 0; unit < units; unit++)
        {
            if (_restart > 0 && unit > 0 && unit % _restart == 0)
            {
                _bitCount = 0;
                _position += 2;
                foreach (Component component in _components) component.Dc = 0;
            }

            foreach (Component component in _components)
            {
                for (int block = 0; block < component.Horizontal * component.Vertical; block++)
                {
                    int x = ((unit % columns) * component.Horizontal) + (block % component.Horizontal);
                    int y = ((unit / columns) * component.Vertical) + (block / component.Horizontal);
                    ReadBlock(component, (y * 8 * component.Stride) + (x * 8));
                }
            }
        }
    }

    private void ReadBlock(Component component, int place)
    {
        int[] steps = _quantization[component.Quantization];
        Dictionary<(int, int), byte> codes = _huffman[4 | (component.Tables & 3)];
        Array.Clear(_coefficients);
        component.Dc += Value(Symbol(_huffman[(component.Tables >> 4) & 3]));
        _coefficients[0] = component.Dc * steps[0];
        bool isFlat = true;
        for (int index = 1; index < 64; index++)
        {
            int symbol = Symbol(codes);
            if (symbol == 0) break;
            index += symbol >> 4;
            if (symbol == 0xF0) continue;
            int position = JpegTables.ZigZag[index];
            _coefficients[position] = Value(symbol & 15) * steps[position];
            isFlat = false;
        }

        if (isFlat)
        {
            byte flat = Sample((_coefficients[0] + (_coefficients[0] >= 0 ? 4 : -4)) / 8);
            for (int y = 0; y < 8; y++) component.Samples.AsSpan(place + (y * component.Stride), 8).Fill(flat);
            return;
        }

        Transform(component, place);
    }

    private void Transform(Component component, int place)
    {
        for (int v = 0; v < 8; v++)
        {
            for (int x = 0; x < 8; x++)
            {
                int sum = 0;
                for (int u = 0; u < 8; u++) sum += _coefficients[(v * 8) + u] * JpegTables.Cosines[(u * 8) + x];
                _rows[(v * 8) + x] = (sum + 128) >> 8;
            }
        }

        for (int x = 0; x < 8; x++)
        {
            for (int y = 0; y < 8; y++)
            {
                long sum = 0;
                for (int v = 0; v < 8; v++) sum += (long)_rows[(v * 8) + x] * JpegTables.Cosines[(v * 8) + y];
                component.Samples[place + (y * component.Stride) + x] = Sample((int)((sum + (1 << 17)) >> 18));
            }
        }
    }

    private Raster ToRaster()
    {
        int widest = _components.Max(part => part.Horizontal), highest = _components.Max(part => part.Vertical);
        Rgb[] pixels = new Rgb[_width * _height];
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                int light = At(_components[0]);
                if (_components.Length == 1)
                {
                    pixels[(y * _width) + x] = new Rgb((byte)light, (byte)light, (byte)light);
                    continue;
                }

                int blue = At(_components[1]) - 128, red = At(_components[2]) - 128;
                pixels[(y * _width) + x] = new Rgb(
                    Clamp(light + (((91881 * red) + 32768) >> 16)),
                    Clamp(light - (((22554 * blue) + (46802 * red) + 32768) >> 16)),
                    Clamp(light + (((116130 * blue) + 32768) >> 16)));

                int At(Component part) =>
                    part.Samples[(y * part.Vertical / highest * part.Stride) + (x * part.Horizontal / widest)];
            }
        }

        return new Raster(_width, _height, pixels);
    }

    private static byte Sample(int value) => Clamp(value + 128);

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    private int Symbol(Dictionary<(int Length, int Code), byte> table)
    {
        int code = 0;
        for (int length = 1; length <= 16; length++)
        {
            code = (code << 1) | Bit();
            if (table.TryGetValue((length, code), out byte symbol)) return symbol;
        }

        throw new InvalidDataException("No such code.");
    }

    private int Value(int length)
    {
        int value = 0;
        for (int count = 0; count < length; count++) value = (value << 1) | Bit();
        return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    }

    private int Bit()
    {
        if (_bitCount == 0)
        {
            _bits = bytes[_position++];
            if (_bits == 0xFF && bytes[_position++] != 0) throw new InvalidDataException("The data ends early.");
            _bitCount = 8;
        }

        return (_bits >> --_bitCount) & 1;
    }

    private sealed class Component(int horizontal, int vertical, int quantization)
    {
        public int Horizontal { get; } = horizontal;

        public int Vertical { get; } = vertical;

        public int Quantization { get; } = quantization;

        public int Tables { get; set; }

        public int Dc { get; set; }

        public int Stride { get; set; }

        public byte[] Samples { get; set; } = [];
    }
}
