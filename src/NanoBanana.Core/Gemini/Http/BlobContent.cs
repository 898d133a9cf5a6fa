using System.Buffers;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Http;

/// <summary>A range of a blob as it is, for uploads.</summary>
internal sealed class BlobContent(Blob blob, long offset, long length) : WireContent
{
    private const int PieceSize = Blob.PieceLength;

    public override long Length => length;

    public override string ToMaskedText() =>
        FormattableString.Invariant($"[{length} bytes from {offset}, sha256 {blob}]");

    protected override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        Stream source = blob.OpenRead();
        try
        {
            Skip(source, buffer);
            for (long rest = length; rest > 0;)
            {
                int read = Read(source, buffer, rest);
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

    private void Skip(Stream source, byte[] buffer)
    {
        if (source.CanSeek)
        {
            source.Seek(offset, SeekOrigin.Begin);
            return;
        }
        for (long rest = offset; rest > 0;)
        {
            rest -= Read(source, buffer, rest);
        }
    }

    // Read synchronously, as in RequestBody.
    private int Read(Stream source, byte[] buffer, long most)
    {
        int read = source.Read(buffer, 0, (int)Math.Min(buffer.Length, most));
        return read > 0 ? read : throw BlobErrors.Changed(blob);
    }
}
