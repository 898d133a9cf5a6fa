namespace NanoBanana.Imaging.Filters;

/// <summary>Moves the kept parts of a file to its start. The result is never longer, so it fits in the file's own
/// buffer.</summary>
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
