namespace NanoBanana.Imaging;

/// <summary>A stream that fails once a token is canceled, because most decoders do not check a token but all keep
/// reading.</summary>
internal sealed class StoppableStream(byte[] buffer, int length, CancellationToken token)
    : MemoryStream(buffer, 0, length, writable: false)
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        token.ThrowIfCancellationRequested();
        return base.Read(buffer);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        token.ThrowIfCancellationRequested();
        return base.Read(buffer, offset, count);
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        token.ThrowIfCancellationRequested();
        return base.ReadByte();
    }
}
