using System.Net;
using System.Net.Sockets;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

/// <summary>A service on this machine that takes calls and never answers; tells when one has come.</summary>
internal sealed class SilentService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _callers = [];

    public SilentService()
    {
        _listener.Start();
        Called = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Completes with the first bytes of the first call.</summary>
    public Task Called { get; }

    public void Dispose()
    {
        _listener.Dispose();
        _callers.ForEach(caller => caller.Dispose());
    }

    private async Task AcceptAsync()
    {
        TcpClient caller = await _listener.AcceptTcpClientAsync();
        _callers.Add(caller);
        await caller.GetStream().ReadExactlyAsync(new byte[1]);
    }
}
