namespace NanoBanana.Storage;

/// <summary>Collects a blob in memory, in segments, so that growing never copies bytes.</summary>
internal sealed class MemoryBlobWriter : BlobWriter
{
    private const int FirstSegment = 4 * 1024;

    // Small enough to stay off the large object heap, whose memory is only reused after a full collection.
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
        // Every byte is written before it is read, so clearing the memory would only cost time.
        _current = GC.AllocateUninitializedArray<byte>(length);
    }

    private void CloseSegment()
    {
        if (_used > 0) _full.Add(_current.AsMemory(0, _used));
        _used = 0;
    }
}
