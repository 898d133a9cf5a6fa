namespace NanoBanana.Imaging.Filters;

/// <summary>Reads bits of a lossless WebP, the lowest of each byte first.</summary>
internal ref struct LosslessBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _at;

    /// <summary>The next bits as a number.</summary>
    /// <param name="count">At most 24.</param>
    /// <exception cref="InvalidDataException">There are not so many.</exception>
    public int Read(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++, _at++)
        {
            if (_at >> 3 >= _bytes.Length) throw PictureFilter.NoEnd();
            value |= (_bytes[(int)(_at >> 3)] >> (int)(_at & 7) & 1) << i;
        }
        return value;
    }
}
