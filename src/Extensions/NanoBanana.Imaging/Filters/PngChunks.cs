using System.Buffers.Binary;

namespace NanoBanana.Imaging.Filters;

/// <summary>Writes chunks of a PNG.</summary>
internal static class PngChunks
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        uint sum = (uint)value;
        for (int bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) == 1 ? 0xEDB88320 : 0);
        return sum;
    })];

    /// <summary>Writes a chunk: length, name, data and checksum.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(name);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Add(Add(uint.MaxValue, name), data));
        stream.Write(number);
    }

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) sum = (sum >> 8) ^ Table[(byte)(sum ^ value)];
        return sum;
    }
}
