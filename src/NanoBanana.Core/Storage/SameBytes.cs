using System.Buffers;

namespace NanoBanana.Storage;

/// <summary>Compares written bytes with an existing file, without holding either in memory.</summary>
internal sealed class SameBytes : WriteOnlyStream
{
    private readonly Stream _file;
    private bool _areSame = true;

    private SameBytes(Stream file) => _file = file;

    /// <summary>Whether a file has exactly the bytes that would be written.</summary>
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
}
