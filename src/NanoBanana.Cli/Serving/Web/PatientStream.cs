using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>The body of an answer, which ends the connection when its reader stops reading for too long. The server's
/// own limit uses the mean rate, and counts bytes buffered by the system as read.</summary>
/// <param name="inner">The body.</param>
/// <param name="patience">Time limit for each piece.</param>
/// <param name="context">The context of the connection.</param>
internal sealed class PatientStream(Stream inner, TimeSpan patience, HttpContext context) : Stream
{
    private const int Piece = 50_000;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (ReadOnlyMemory<byte> rest = buffer; !rest.IsEmpty;)
        {
            ReadOnlyMemory<byte> piece = rest[..Math.Min(rest.Length, Piece)];
            await AwaitAsync(canceled => inner.WriteAsync(piece, canceled).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            rest = rest[piece.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        AwaitAsync(inner.FlushAsync, cancellationToken);

    public override void Flush() => inner.Flush();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task AwaitAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writing = write(canceled.Token);
        if (writing.IsCompleted)
        {
            await writing.ConfigureAwait(false);
            return;
        }
        canceled.CancelAfter(patience);
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
