using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Http;

/// <summary>One client: its requests one after the other, until either side ends it.</summary>
internal sealed class HttpConnection : IDisposable
{
    // More than the largest body that is refused with an answer the client should be able to read.
    private const long MaxDrained = 1L << 30;
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(30);
    private readonly Socket _socket;
    private readonly IRequestHandler _service;
    private readonly Uri _baseUri;
    private readonly bool _needsToken;
    private readonly HostCheck? _hosts;
    private readonly SocketReader _reader;

    public HttpConnection(Socket socket, IRequestHandler service, Uri baseUri, bool needsToken, HostCheck? hosts)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _service = service;
        _baseUri = baseUri;
        _needsToken = needsToken;
        _hosts = hosts;
        _reader = new SocketReader(socket, service.ReadTimeout);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Never throws: whatever a client does ends at most its own connection.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await ServeAsync(stopping).ConfigureAwait(false))
            {
            }
        }
        catch (BadHttpException e)
        {
            await RefuseAsync(e, stopping).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client left, the server stops, or an answer cannot be sent: only this connection ends.
        }
        finally
        {
            _socket.Dispose();
        }
    }

    private static bool IsGone(Exception error) =>
        error is SocketException or OperationCanceledException or ObjectDisposedException or IOException;

    /// <summary>Serves one request.</summary>
    /// <returns>Whether another one may follow.</returns>
    private async Task<bool> ServeAsync(CancellationToken stopping)
    {
        if (await _reader.ReadHeadAsync(stopping).ConfigureAwait(false) is not { } head) return false;

        HttpBodyStream body = new(_reader, head, SendContinueAsync);
        EmulatorResponse response;
        try
        {
            _hosts?.Check(head.Headers);
            response = await _service.HandleAsync(ToRequest(head, body), stopping).ConfigureAwait(false);
        }
        catch (ServiceException e)
        {
            response = EmulatorResponse.Error(e);
        }
        catch (Exception e) when (!IsGone(e) && e is not BadHttpException)
        {
            response = EmulatorResponse.Error(new Wire.ServiceException(
                500, "INTERNAL", $"The emulator failed: {e.GetType().Name}: {e.Message}"));
        }

        bool keepsAlive = head.KeepsAlive && !body.AwaitsContinue;
        switch (response.Transport?.Kind)
        {
            case TransportFaultKind.ResetBefore:
                Reset();
                return false;
            case TransportFaultKind.Hang:
                await _reader.WaitForEndAsync(stopping).ConfigureAwait(false);
                return false;
            case TransportFaultKind.WrongContentLength:
                keepsAlive = false;
                break;
        }

        if (!body.AwaitsContinue) keepsAlive &= await body.TryDrainAsync(MaxDrained, stopping).ConfigureAwait(false);
        try
        {
            await SendAsync(head, response, keepsAlive, stopping).ConfigureAwait(false);
        }
        catch (ConnectionBrokenException e)
        {
            if (e.IsReset) Reset();
            return false;
        }

        if (!keepsAlive) await LingerAsync(stopping).ConfigureAwait(false);
        return keepsAlive;
    }

    private EmulatorRequest ToRequest(HttpHead head, Stream body)
    {
        int question = head.Target.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? head.Target : head.Target[..question];
        string? host = head.Headers.GetValueOrDefault("Host");
        return new EmulatorRequest
        {
            Method = head.Method,
            Path = Uri.UnescapeDataString(path),
            Query = EmulatorRequest.ParseQuery(question < 0 ? "" : head.Target[question..]),
            Headers = head.Headers,
            Body = body,
            BaseUri = Uri.TryCreate($"http://{host}/", UriKind.Absolute, out Uri? given) ? given
                : new Uri(_baseUri, "/"),
            NeedsToken = _needsToken,
        };
    }

    private async Task SendAsync(HttpHead head, EmulatorResponse response, bool keepsAlive, CancellationToken stopping)
    {
        bool isChunked = response.IsStreamed && !head.IsHttp10
            && response.Transport?.Kind != TransportFaultKind.WrongContentLength;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} {Reason(response.Status)}\r\n");
        foreach ((string name, string value) in response.Headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"Date: {_service.Now:R}\r\nServer: NanoBanana.Emulator\r\n");
        if (isChunked) text.Append("Transfer-Encoding: chunked\r\n");
        else
        {
            text.Append(CultureInfo.InvariantCulture,
                $"Content-Length: {TransportBreaker.AnnouncedLength(response)}\r\n");
        }
        text.Append(keepsAlive ? "\r\n" : "Connection: close\r\n\r\n");
        await WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), stopping).ConfigureAwait(false);
        if (head.Method == "HEAD") return;

        try
        {
            await foreach (ReadOnlyMemory<byte> chunk in TransportBreaker.Body(response, stopping)
                .ConfigureAwait(false))
            {
                if (isChunked) await WriteChunkAsync(chunk, stopping).ConfigureAwait(false);
                else await WriteAsync(chunk, stopping).ConfigureAwait(false);
            }
        }
        catch (ConnectionBrokenException) when (isChunked && response.Transport?.Kind == TransportFaultKind.ResetAfter)
        {
            await WriteAsync("0\r\n\r\n"u8.ToArray(), stopping).ConfigureAwait(false);
            throw;
        }

        if (isChunked) await WriteAsync("0\r\n\r\n"u8.ToArray(), stopping).ConfigureAwait(false);
    }

    private async ValueTask WriteChunkAsync(ReadOnlyMemory<byte> chunk, CancellationToken stopping)
    {
        if (chunk.Length == 0) return;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(chunk.Length + 16);
        try
        {
            int head = Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n",
                buffer);
            chunk.CopyTo(buffer.AsMemory(head));
            "\r\n"u8.CopyTo(buffer.AsSpan(head + chunk.Length));
            await WriteAsync(buffer.AsMemory(0, head + chunk.Length + 2), stopping).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stopping)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limited.CancelAfter(WriteTimeout);
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, limited.Token).ConfigureAwait(false)..];
        }
    }

    private Task SendContinueAsync(CancellationToken cancellationToken) =>
        WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken).AsTask();

    private async Task RefuseAsync(BadHttpException error, CancellationToken stopping)
    {
        try
        {
            EmulatorResponse page = EmulatorResponse.Html(error.Status, Reason(error.Status), error.Message);
            StringBuilder head = new();
            head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {error.Status} {Reason(error.Status)}\r\n");
            head.Append("Content-Type: text/html; charset=UTF-8\r\nConnection: close\r\n");
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {page.Length}\r\n\r\n");
            await WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), stopping).ConfigureAwait(false);
            await foreach (ReadOnlyMemory<byte> chunk in page.Body.WithCancellation(stopping).ConfigureAwait(false))
                await WriteAsync(chunk, stopping).ConfigureAwait(false);
            await LingerAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (IsGone(e))
        {
            // The client has gone.
        }
    }

    // Closing a socket with unread bytes would reset the connection and take the answer with it.
    private async Task LingerAsync(CancellationToken stopping)
    {
        _socket.Shutdown(SocketShutdown.Send);
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limited.CancelAfter(LingerTime);
        await _reader.WaitForEndAsync(limited.Token).ConfigureAwait(false);
    }

    // A zero linger time makes the close a reset.
    private void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        431 => "Request Header Fields Too Large",
        _ => Spaced(((HttpStatusCode)status).ToString()),
    };

    private static string Spaced(string name) =>
        string.Concat(name.Select((c, index) => index > 0 && char.IsAsciiLetterUpper(c) ? " " + c : c.ToString()));
}
