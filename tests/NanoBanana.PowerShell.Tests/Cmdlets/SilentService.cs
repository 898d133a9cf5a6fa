using System.Net;
using System.Net.Sockets;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

/// <summary>A service on this machine that takes calls and never answers; tells when one has come.</summary>
internal sealed class SilentService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TcpClient> _callers = [];

    public SilentService()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Completes with the first bytes of the first call.</summary>
    public Task Called => _called.Task;

    /// <summary>How many have connected.</summary>
    public int Calls
    {
        get
        {
            lock (_callers) return _callers.Count + (_listener.Pending() ? 1 : 0);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_callers) _callers.ForEach(caller => caller.Dispose());
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient caller;
            try
            {
                caller = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            lock (_callers) _callers.Add(caller);
            await caller.GetStream().ReadExactlyAsync(new byte[1]);
            _called.TrySetResult();
        }
    }
}
