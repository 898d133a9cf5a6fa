namespace NanoBanana.Imaging.Filters;

/// <summary>Moves what is kept of a file to its start. It only ever shrinks, so the file's own buffer holds
/// it.</summary>
internal ref struct KeptBytes(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    /// <summary>How many bytes were kept.</summary>
    public int Length { get; private set; }

    /// <summary>Keeps the bytes from <paramref name="start"/> on, which have not been passed yet.</summary>
    public void Keep(int start, int length)
    {
        _bytes.Slice(start, length).CopyTo(_bytes[Length..]);
        Length += length;
    }
}
