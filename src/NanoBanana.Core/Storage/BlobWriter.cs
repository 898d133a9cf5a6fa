namespace NanoBanana.Storage;

/// <summary>Collects bytes into a <see cref="Blob"/>; if it is disposed before it is completed, nothing
/// remains.</summary>
internal abstract class BlobWriter : IDisposable
{
    private const int BufferLength = 48 * 1024;

    private byte[] _buffer = [];

    /// <summary>Adds bytes.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Memory for the next bytes, like that of an <see cref="System.Buffers.IBufferWriter{T}"/>;
    /// <see cref="Advance"/> adds the bytes written there.</summary>
    /// <param name="least">Smallest length of the span, at most 4096 bytes. It is usually much longer.</param>
    public virtual Span<byte> GetSpan(int least)
    {
        if (_buffer.Length == 0) _buffer = new byte[BufferLength];
        return _buffer;
    }

    /// <summary>Adds the first bytes of the last span of <see cref="GetSpan"/>.</summary>
    public virtual void Advance(int count) => Write(_buffer.AsSpan(0, count));

    /// <summary>Ends the blob. Nothing can be written after it.</summary>
    public abstract Blob Complete();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds bytes through <see cref="GetSpan"/>, for a writer that owns the memory behind it.</summary>
    private protected void CopyToSpan(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> span = GetSpan(1);
            int count = Math.Min(bytes.Length, span.Length);
            bytes[..count].CopyTo(span);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Discards what has not been completed.</summary>
    protected abstract void Dispose(bool disposing);
}
