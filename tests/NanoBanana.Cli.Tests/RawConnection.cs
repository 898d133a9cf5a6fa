using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Cli.Tests;

/// <summary>A client that sends what no well-behaved one does, and as slowly as it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client = new();
    private readonly CancellationTokenSource _hang = new(Patience);

    private RawConnection()
    {
        // So that an answer soon waits for its reader.
        _client.ReceiveBufferSize = 4096;
    }

    public static async Task<RawConnection> OpenAsync(NbServer server)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(server.Address.Host, server.Address.Port, connection._hang.Token);
        return connection;
    }

    /// <summary>Sends the head of a request, and the beginning of its body in the same piece: the rest is still to
    /// come.</summary>
    public Task SendHeadAsync(string target, string begun, params string[] headers) => SendAsync(
        $"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n" + begun);

    /// <summary>Begins a request and returns when the server asks for its body.</summary>
    public async Task BeginAsync(string target, int length, params string[] headers)
    {
        await SendHeadAsync(target, "", [string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"),
            "Expect: 100-continue", .. headers]);
        const string Go = "HTTP/1.1 100 Continue\r\n\r\n";
        byte[] read = new byte[Go.Length];
        await _client.GetStream().ReadExactlyAsync(read, _hang.Token);
        Assert.Equal(Go, Encoding.ASCII.GetString(read));
    }

    public async Task SendAsync(string text) =>
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), _hang.Token);

    /// <summary>Reads until the server closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, _hang.Token) is > 0 and int count)
            {
                all.Write(buffer, 0, count);
            }
        }
        catch (IOException)
        {
            // Closed in the midst of what was sent.
        }
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Reads nothing, and returns when the server has given up.</summary>
    public async Task AwaitResetAsync()
    {
        try
        {
            while (true)
            {
                // Nobody reads it; once the server has gone, the system says so.
                await SendAsync(" ");
                await Task.Delay(50, _hang.Token);
            }
        }
        catch (IOException)
        {
            // As it should be.
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _hang.Dispose();
    }
}
