using System.Security.Cryptography;

namespace NanoBanana.Conversations;

/// <summary>Collects a blob in memory, in segments, so that growing never copies what is there.</summary>
public sealed class MemoryBlobWriter : BlobWriter
{
    private const int FirstSegment = 4 * 1024;
    private const int LargestSegment = 1024 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _full = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _current = [];
    private int _used;
    private long _length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_used == _current.Length) NextSegment();
            int count = Math.Min(bytes.Length, _current.Length - _used);
            bytes[..count].CopyTo(_current.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc/>
    public override Blob Complete()
    {
        if (_used > 0) _full.Add(_current.AsMemory(0, _used));
        _current = [];
        _used = 0;
        return new MemoryBlob([.. _full], _length, Blob.ToHex(_hash.GetHashAndReset()));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
    }

    private void NextSegment()
    {
        if (_used > 0) _full.Add(_current);
        _current = new byte[_length <= FirstSegment ? FirstSegment : Math.Min(Math.Max(_current.Length * 2, FirstSegment), LargestSegment)];
        _used = 0;
    }
}
