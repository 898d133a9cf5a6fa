using System.Net.Sockets;

namespace NanoBanana.Emulator.Http;

/// <summary>A response body as the stream an HttpClient reads; a broken connection looks as it does on a
/// socket.</summary>
internal sealed class ChunkStream(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks) : ForwardStream
{
    private IAsyncEnumerator<ReadOnlyMemory<byte>>? _enumerator;
    private ReadOnlyMemory<byte> _current;

    public static IOException Reset() => new(
        "Unable to read data from the transport connection: Connection reset by peer.",
        new SocketException((int)SocketError.ConnectionReset));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _enumerator ??= chunks.GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (_current.Length == 0)
            {
                if (!await _enumerator.MoveNextAsync().ConfigureAwait(false)) return 0;
                _current = _enumerator.Current;
            }
        }
        catch (ConnectionBrokenException e)
        {
            throw e.IsReset
                ? Reset()
                : new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        }

        int count = Math.Min(buffer.Length, _current.Length);
        _current.Span[..count].CopyTo(buffer.Span);
        _current = _current[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The enumerator never waits, so its end, which marks the answer as not delivered, completes at once.
            _enumerator?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _enumerator = null;
        }

        base.Dispose(disposing);
    }
}
