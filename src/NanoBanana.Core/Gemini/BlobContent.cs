using System.Buffers;
using NanoBanana.Conversations;

namespace NanoBanana.Gemini;

/// <summary>A range of a blob as it is, for uploads.</summary>
internal sealed class BlobContent(Blob blob, long offset, long length) : WireContent
{
    private const int PieceSize = Blob.PieceLength;

    public override long Length => length;

    public override string ToMaskedText() => FormattableString.Invariant($"[{length} bytes from {offset}, sha256 {blob}]");

    protected override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        Stream source = blob.OpenRead();
        try
        {
            await SkipAsync(source, buffer, cancellationToken).ConfigureAwait(false);
            for (long rest = length; rest > 0;)
            {
                int read = await ReadAsync(source, buffer, rest, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                rest -= read;
            }
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SkipAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        if (source.CanSeek)
        {
            source.Seek(offset, SeekOrigin.Begin);
            return;
        }
        for (long rest = offset; rest > 0;)
        {
            rest -= await ReadAsync(source, buffer, rest, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> ReadAsync(Stream source, byte[] buffer, long most, CancellationToken cancellationToken)
    {
        Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, most));
        int read = await source.ReadAsync(piece, cancellationToken).ConfigureAwait(false);
        return read > 0 ? read : throw NbErrors.BlobChanged(blob);
    }
}
