using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Reads requests from a socket through one buffer; a client that stops in the middle is
/// disconnected.</summary>
internal sealed class SocketReader(Socket socket, TimeSpan timeout)
{
    private const int MaxHead = 64 * 1024;
    private const int MaxChunkLine = 4 * 1024;

    // Small until a client sends much: an idle connection should cost almost nothing.
    private byte[] _buffer = new byte[4 * 1024];
    private int _start;
    private int _end;

    /// <summary>The head without its empty line, or null when the client left between two requests or was silent for
    /// too long.</summary>
    public async Task<HttpHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        // One limit for the whole head, so that a client that sends slowly cannot hold its connection forever.
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeout);
        try
        {
            return await ReadHeadWithinAsync(limited.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is OperationCanceledException or BadHttpException { Status: 408 })
        {
            return _end == _start ? null : throw TooSlow();
        }
    }

    private async Task<HttpHead?> ReadHeadWithinAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Empty lines in front of a request are allowed, and some clients send them.
            while (_end - _start >= 2 && _buffer[_start] == '\r' && _buffer[_start + 1] == '\n') _start += 2;
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                int start = _start;
                _start += length + 4;
                return HttpHead.Parse(_buffer.AsSpan(start, length));
            }

            if (_end - _start == MaxHead) throw new BadHttpException(431, "The headers are too large.");
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return _end == _start ? null : throw new BadHttpException(400, "The request ends in its headers.");
            }
        }
    }

    /// <summary>Some bytes of a body; 0 when the client has gone.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            // Large bodies go straight into the caller's memory.
            if (target.Length >= _buffer.Length)
            {
                return await ReceiveAsync(target, cancellationToken).ConfigureAwait(false);
            }
            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) return 0;
        }

        int count = Math.Min(target.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    /// <summary>A line of the chunked encoding, without its end.</summary>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            if (_end - _start > MaxChunkLine || !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new BadHttpException(400, "A chunk is malformed.");
            }
        }
    }

    public async ValueTask<long> ReadChunkSizeAsync(CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        string digits = line.Split(';')[0].Trim();
        return long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long size)
            && size >= 0
            ? size
            : throw new BadHttpException(400, "A chunk is malformed.");
    }

    /// <summary>Waits until the client leaves; bytes that it still sends are discarded.</summary>
    public async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        while (await socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length && _start == 0) Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MaxHead));
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int count = await ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeout);
        try
        {
            return await socket.ReceiveAsync(target, SocketFlags.None, limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow();
        }
    }

    private static BadHttpException TooSlow() => new(408, "The request did not arrive in time.");
}
