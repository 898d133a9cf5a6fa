using System.Runtime.InteropServices;
using System.Text;

namespace NanoBanana.Emulator.Drawing;

/// <summary>
/// Writes a baseline JPEG without chroma subsampling, in whole numbers only, so that every machine writes the same
/// bytes. Blocks of one color, nearly all of them here, take a short cut.
/// </summary>
internal sealed class JpegWriter
{
    private const int LargestSegment = 65533;
    private static readonly int[] Luminance = JpegTables.Scaled(JpegTables.LuminanceQuantization);
    private static readonly int[] Chrominance = JpegTables.Scaled(JpegTables.ChrominanceQuantization);
    private static readonly JpegTables.Code[] LuminanceDc = JpegTables.Codes(JpegTables.LuminanceDc);
    private static readonly JpegTables.Code[] LuminanceAc = JpegTables.Codes(JpegTables.LuminanceAc);
    private static readonly JpegTables.Code[] ChrominanceDc = JpegTables.Codes(JpegTables.ChrominanceDc);
    private static readonly JpegTables.Code[] ChrominanceAc = JpegTables.Codes(JpegTables.ChrominanceAc);

    private readonly ByteBuffer _output;
    private readonly int[] _previousDc = new int[3];
    private readonly int[] _samples = new int[64];
    private readonly int[] _rows = new int[64];
    private ulong _bits;
    private int _bitCount;

    private JpegWriter(int capacity) => _output = new ByteBuffer(capacity);

    public static byte[] Write(Scene scene, PixelSize size, EmulatorPicture picture, int length)
    {
        JpegWriter writer = new(length + (256 * 1024));
        writer.WriteHeader(size, picture);
        ByteBuffer head = writer._output;
        int headLength = head.Length;
        writer.WriteScan(scene, size);

        // The padding stands in front of the scan in private APP15 segments, which decoders skip.
        ReadOnlySpan<byte> scan = head.Written[headLength..];
        ByteBuffer padded = new(Math.Max(length, head.Length) + (64 * 1024));
        padded.Add(head.Written[..headLength]);
        SplitMix64 stream = new(picture.Seed);
        for (int padding = length - head.Length; padding > 0; padding -= LargestSegment)
        {
            int count = Math.Min(padding, LargestSegment);
            padded.AddUInt16(0xFFEF);
            padded.AddUInt16(count + 2);
            stream.Fill(padded.Take(count));
        }

        padded.Add(ScanHeader);
        padded.Add(scan);
        return padded.ToArray();
    }

    private static ReadOnlySpan<byte> ScanHeader =>
        [0xFF, 0xDA, 0x00, 0x0C, 0x03, 0x01, 0x00, 0x02, 0x11, 0x03, 0x11, 0x00, 0x3F, 0x00];

    private void WriteHeader(PixelSize size, EmulatorPicture picture)
    {
        _output.Add([0xFF, 0xD8]);
        Segment(0xE0, [0x4A, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00]);
        Segment(0xFE, Encoding.Latin1.GetBytes(EmulatorPicture.Keyword + "\0" + picture.ToText()));
        Segment(0xDB, [0, .. JpegTables.ZigZag.Select(index => (byte)Luminance[index])]);
        Segment(0xDB, [1, .. JpegTables.ZigZag.Select(index => (byte)Chrominance[index])]);
        Segment(0xC0,
        [
            8, (byte)(size.Height >> 8), (byte)size.Height, (byte)(size.Width >> 8), (byte)size.Width,
            3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1,
        ]);
        Segment(0xC4, [0x00, .. JpegTables.LuminanceDc]);
        Segment(0xC4, [0x10, .. JpegTables.LuminanceAc]);
        Segment(0xC4, [0x01, .. JpegTables.ChrominanceDc]);
        Segment(0xC4, [0x11, .. JpegTables.ChrominanceAc]);
    }

    private void Segment(byte marker, ReadOnlySpan<byte> data)
    {
        _output.Add([0xFF, marker]);
        _output.AddUInt16(data.Length + 2);
        _output.Add(data);
    }

    private void WriteScan(Scene scene, PixelSize size)
    {
        // Padded to whole blocks; the last column and row are repeated.
        int width = (size.Width + 7) / 8 * 8;
        Rgb[] strip = new Rgb[width * 8];
        for (int top = 0; top < size.Height; top += 8)
        {
            for (int line = 0; line < 8; line++)
            {
                Span<Rgb> row = strip.AsSpan(line * width, width);
                scene.DrawRow(Math.Min(top + line, size.Height - 1), row[..size.Width]);
                row[size.Width..].Fill(row[size.Width - 1]);
            }

            for (int left = 0; left < width; left += 8) WriteBlocks(strip, width, left);
        }

        AddBits(0x7F, 7);
        FlushBits();
        _output.Add([0xFF, 0xD9]);
    }

    private void WriteBlocks(Rgb[] strip, int width, int left)
    {
        if (IsFlat(strip, width, left))
        {
            Rgb color = strip[left];
            for (int component = 0; component < 3; component++)
            {
                int[] table = component == 0 ? Luminance : Chrominance;
                WriteDc(component, Quantized(8 * Sample(color, component), table[0]));
                AddCode((component == 0 ? LuminanceAc : ChrominanceAc)[0]);
            }

            return;
        }

        for (int component = 0; component < 3; component++)
        {
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++) _samples[(y * 8) + x] = Sample(strip[(y * width) + left + x], component);
            }

            WriteBlock(component);
        }
    }

    private static bool IsFlat(Rgb[] strip, int width, int left)
    {
        ReadOnlySpan<byte> first = MemoryMarshal.AsBytes(strip.AsSpan(left, 8));
        if (!first[3..].SequenceEqual(first[..^3])) return false;
        for (int line = 1; line < 8; line++)
        {
            if (!MemoryMarshal.AsBytes(strip.AsSpan((line * width) + left, 8)).SequenceEqual(first)) return false;
        }

        return true;
    }

    // JFIF color conversion in 16-bit fixed point, shifted to be centered on zero.
    private static int Sample(Rgb color, int component) => component switch
    {
        0 => (((19595 * color.R) + (38470 * color.G) + (7471 * color.B) + 32768) >> 16) - 128,
        1 => ((-11059 * color.R) - (21709 * color.G) + (32768 * color.B) + 32768) >> 16,
        _ => ((32768 * color.R) - (27439 * color.G) - (5329 * color.B) + 32768) >> 16,
    };

    private void WriteBlock(int component)
    {
        Transform();
        int[] table = component == 0 ? Luminance : Chrominance;
        JpegTables.Code[] codes = component == 0 ? LuminanceAc : ChrominanceAc;
        WriteDc(component, Quantized(_samples[0], table[0]));

        int zeros = 0;
        for (int index = 1; index < 64; index++)
        {
            int position = JpegTables.ZigZag[index];
            int value = Quantized(_samples[position], table[position]);
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros >= 16; zeros -= 16) AddCode(codes[0xF0]);
            int length = BitLength(value);
            AddCode(codes[(zeros << 4) | length]);
            AddValue(value, length);
            zeros = 0;
        }

        if (zeros > 0) AddCode(codes[0]);
    }

    private void WriteDc(int component, int value)
    {
        int difference = value - _previousDc[component];
        _previousDc[component] = value;
        int length = BitLength(difference);
        AddCode((component == 0 ? LuminanceDc : ChrominanceDc)[length]);
        AddValue(difference, length);
    }

    /// <summary>The discrete cosine transform of the samples, in place.</summary>
    private void Transform()
    {
        for (int y = 0; y < 8; y++)
        {
            for (int u = 0; u < 8; u++)
            {
                int sum = 0;
                for (int x = 0; x < 8; x++) sum += _samples[(y * 8) + x] * JpegTables.Cosines[(u * 8) + x];
                _rows[(y * 8) + u] = (sum + 128) >> 8;
            }
        }

        for (int u = 0; u < 8; u++)
        {
            for (int v = 0; v < 8; v++)
            {
                int sum = 0;
                for (int y = 0; y < 8; y++) sum += _rows[(y * 8) + u] * JpegTables.Cosines[(v * 8) + y];
                _samples[(v * 8) + u] = (sum + (1 << 17)) >> 18;
            }
        }
    }

    private static int Quantized(int value, int step) =>
        value >= 0 ? (value + (step / 2)) / step : -((-value + (step / 2)) / step);

    private static int BitLength(int value)
    {
        int length = 0;
        for (int rest = Math.Abs(value); rest > 0; rest >>= 1) length++;
        return length;
    }

    private void AddValue(int value, int length) =>
        AddBits((uint)(value < 0 ? value + (1 << length) - 1 : value), length);

    private void AddCode(JpegTables.Code code) => AddBits(code.Bits, code.Length);

    private void AddBits(uint value, int count)
    {
        _bits = (_bits << count) | (value & ((1u << count) - 1));
        _bitCount += count;
        FlushBits();
    }

    private void FlushBits()
    {
        while (_bitCount >= 8)
        {
            byte value = (byte)(_bits >> (_bitCount - 8));
            _output.Add(value);
            if (value == 0xFF) _output.Add(0);
            _bitCount -= 8;
        }
    }
}
