using System.Buffers;

namespace NanoBanana.Storage;

/// <summary>Compares what is written with a file that is there, without holding either.</summary>
internal sealed class SameBytes : Stream
{
    private readonly Stream _file;
    private bool _areSame = true;

    private SameBytes(Stream file) => _file = file;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a file has just the bytes that would be written.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="write">Writes them.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool Are(string path, Action<Stream> write)
    {
        using var file = new BufferedStream(Disk.OpenRead(path), Blob.PieceLength);
        using var compared = new SameBytes(file);
        write(compared);
        return compared._areSame && file.ReadByte() < 0;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Blob.PieceLength);
        while (_areSame && !buffer.IsEmpty)
        {
            Span<byte> piece = bytes.AsSpan(0, Math.Min(buffer.Length, Blob.PieceLength));
            int read = _file.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            _areSame = buffer[..piece.Length].SequenceEqual(piece[..read]);
            buffer = buffer[piece.Length..];
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
