namespace NanoBanana.Emulator.Drawing;

/// <summary>A growing array with plain appends, for the image writers.</summary>
internal sealed class ByteBuffer(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Add(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> values) => values.CopyTo(Take(values.Length));

    public void AddUInt16(int value)
    {
        Add((byte)(value >> 8));
        Add((byte)value);
    }

    public void AddUInt32(uint value)
    {
        AddUInt16((int)(value >> 16));
        AddUInt16((int)(value & 0xFFFF));
    }

    /// <summary>Appends <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length) Grow(count);
        Span<byte> taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    public byte[] ToArray() => Written.ToArray();

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
}
