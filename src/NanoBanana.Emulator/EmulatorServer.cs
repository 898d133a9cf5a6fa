using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator;

/// <summary>
/// The emulator on a port: HTTP/1.1 without TLS, for clients in other processes and other languages. It is built on a
/// plain
/// socket, because several faults need one, and because it must run inside PowerShell, which has no web server.
/// </summary>
public sealed class EmulatorServer : IAsyncDisposable
{
    private readonly EmulatorService _service;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<HttpConnection, Task> _connections = new();
    private readonly bool _needsToken;
    private readonly HostCheck? _hosts;
    private readonly Task _accepting;

    private EmulatorServer(EmulatorService service, TcpListener listener, bool needsToken)
    {
        _service = service;
        _listener = listener;
        _needsToken = needsToken;
        IPEndPoint end = (IPEndPoint)listener.LocalEndpoint;

        // A page without the token is refused under any host name.
        _hosts = needsToken ? null : new HostCheck(end, service.Options.HostNames);
        IPAddress shown = end.Address.Equals(IPAddress.Any) || end.Address.Equals(IPAddress.IPv6Any)
            ? IPAddress.Loopback
            : end.Address;
        BaseUri = new Uri($"http://{new IPEndPoint(shown, end.Port)}/{service.Options.BasePath.Trim('/')}");
        if (!BaseUri.AbsolutePath.EndsWith('/')) BaseUri = new Uri(BaseUri + "/");
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where clients find the server, with a slash at its end.</summary>
    public Uri BaseUri { get; }

    /// <summary>Starts to listen; when it returns, clients can connect.</summary>
    /// <param name="service">The service that answers. It is not disposed with the server.</param>
    /// <param name="port">The port, or 0 for any free one.</param>
    /// <param name="address">The address to listen on, loopback by default.</param>
    /// <exception cref="InvalidOperationException">
    /// Other machines could reach the address, and <see cref="EmulatorOptions.RequiredToken"/> is not set.
    /// </exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static EmulatorServer Start(EmulatorService service, int port = 0, IPAddress? address = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        address ??= IPAddress.Loopback;
        bool needsToken = !string.IsNullOrEmpty(service.Options.RequiredToken);
        if (!needsToken && !IPAddress.IsLoopback(address))
        {
            throw new InvalidOperationException(
                $"Other machines can reach {address}: set a required token, or listen on loopback.");
        }

        TcpListener listener = new(address, port);
        listener.Start();
        return new EmulatorServer(service, listener, needsToken);
    }

    /// <summary>Stops listening and breaks open connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        foreach (HttpConnection connection in _connections.Keys) connection.Dispose();
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // The client disconnected before it was accepted.
                continue;
            }
            catch (Exception e)
                when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            HttpConnection connection = new(socket, _service, BaseUri, _needsToken, _hosts);
            Task run = Task.Run(() => connection.RunAsync(_stopping.Token));
            _connections[connection] = run;
            _ = run.ContinueWith(
                _ => _connections.TryRemove(connection, out Task? _),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
