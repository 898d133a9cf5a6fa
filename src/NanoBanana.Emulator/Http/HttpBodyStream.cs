namespace NanoBanana.Emulator.Http;

/// <summary>The body of one request: as long as announced, or chunk by chunk.</summary>
internal sealed class HttpBodyStream(SocketReader reader, HttpHead head, Func<CancellationToken, Task> sendContinue)
    : ForwardStream
{
    private const int MaxTrailers = 100;
    private long _left = head.ContentLength;
    private bool _isFirstChunk = true;
    private bool _isFinished = !head.HasBody;
    private bool _awaitsContinue = head.ExpectsContinue && head.HasBody;

    /// <summary>True as long as the client holds its body back.</summary>
    public bool AwaitsContinue => _awaitsContinue;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isFinished || buffer.Length == 0) return 0;
        if (_awaitsContinue)
        {
            _awaitsContinue = false;
            await sendContinue(cancellationToken).ConfigureAwait(false);
        }

        if (head.IsChunked && _left == 0 && !await NextChunkAsync(cancellationToken).ConfigureAwait(false)) return 0;

        int count = await reader.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken)
            .ConfigureAwait(false);
        if (count == 0) throw new BadHttpException(400, "The request ends in its body.");
        _left -= count;
        _isFinished = _left == 0 && !head.IsChunked;
        return count;
    }

    /// <summary>Reads the rest of the body, so that the client gets to read the answer.</summary>
    /// <returns>False when there is too much to wait for.</returns>
    public async Task<bool> TryDrainAsync(long most, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        for (long count = 0; count <= most;)
        {
            int read = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0) return true;
            count += read;
        }

        return false;
    }

    private async ValueTask<bool> NextChunkAsync(CancellationToken cancellationToken)
    {
        if (!_isFirstChunk && (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length > 0)
        {
            throw new BadHttpException(400, "A chunk is malformed.");
        }
        _isFirstChunk = false;
        _left = await reader.ReadChunkSizeAsync(cancellationToken).ConfigureAwait(false);
        if (_left > 0) return true;

        // Trailers are ignored.
        for (int trailers = 0; (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length > 0;
            trailers++)
        {
            if (trailers == MaxTrailers) throw new BadHttpException(431, "There are too many trailers.");
        }

        _isFinished = true;
        return false;
    }
}
