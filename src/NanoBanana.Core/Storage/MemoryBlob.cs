using System.Security.Cryptography;

namespace NanoBanana.Storage;

internal sealed class MemoryBlob(IReadOnlyList<ReadOnlyMemory<byte>> segments, long length) : Blob
{
    private string? _sha256;

    public override long Length => length;

    // Computed on first use, because hashing takes longer than decoding and many hashes are never needed.
    public override string Sha256 => _sha256 ??= Hash();

    public override Stream OpenRead() => new SegmentStream(segments, length);

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> segment in segments) hash.AppendData(segment.Span);
        return ToHex(hash.GetHashAndReset());
    }

    private sealed class SegmentStream(IReadOnlyList<ReadOnlyMemory<byte>> segments, long length) : Stream
    {
        private int _segment;
        private int _offset;
        private long _position;

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => Seek(value, SeekOrigin.Begin);
        }

        public override int Read(Span<byte> buffer)
        {
            while (_segment < segments.Count)
            {
                ReadOnlySpan<byte> rest = segments[_segment].Span[_offset..];
                if (rest.IsEmpty)
                {
                    _segment++;
                    _offset = 0;
                    continue;
                }
                int count = Math.Min(rest.Length, buffer.Length);
                rest[..count].CopyTo(buffer);
                _offset += count;
                _position += count;
                return count;
            }
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin)
        {
            long start = origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => length };
            long left = start + offset;
            ArgumentOutOfRangeException.ThrowIfNegative(left, nameof(offset));
            _position = left = Math.Min(left, length);
            for (_segment = 0; _segment < segments.Count && left >= segments[_segment].Length; _segment++)
            {
                left -= segments[_segment].Length;
            }
            _offset = (int)left;
            return _position;
        }

        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
