namespace NanoBanana.Storage;

/// <summary>Collects a blob in memory, in segments, so that growing never copies what is there.</summary>
internal sealed class MemoryBlobWriter : BlobWriter
{
    private const int FirstSegment = 4 * 1024;

    // Below the large object heap: memory let go is used again at once, where large objects wait for a full collection.
    private const int LargestSegment = 80 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _full = [];
    private byte[] _current = [];
    private int _used;
    private long _length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes) => CopyToSpan(bytes);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int least)
    {
        if (_current.Length - _used < least) NextSegment();
        return _current.AsSpan(_used);
    }

    /// <inheritdoc/>
    public override void Advance(int count)
    {
        _used += count;
        _length += count;
    }

    /// <inheritdoc/>
    public override Blob Complete()
    {
        CloseSegment();
        _current = [];
        return new MemoryBlob([.. _full], _length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private void NextSegment()
    {
        CloseSegment();
        int length = Math.Clamp(_current.Length * 2, FirstSegment, LargestSegment);
        // Every byte that is ever read has been written before: zeros would only cost time.
        _current = GC.AllocateUninitializedArray<byte>(length);
    }

    private void CloseSegment()
    {
        if (_used > 0) _full.Add(_current.AsMemory(0, _used));
        _used = 0;
    }
}
