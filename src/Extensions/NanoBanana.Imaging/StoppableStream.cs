namespace NanoBanana.Imaging;

/// <summary>Bytes that can be read until a token is canceled: most decoders look at no token themselves, but all read
/// on.</summary>
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
