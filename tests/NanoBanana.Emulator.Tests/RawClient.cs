using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Emulator.Tests;

/// <summary>A bare socket: says what no HTTP library would.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();

    public NetworkStream Stream { get; private set; } = null!;

    public static async Task<RawClient> ConnectAsync(EmulatorServer server)
    {
        RawClient client = new();
        await client._client.ConnectAsync(IPAddress.Loopback, server.BaseUri.Port);
        client.Stream = client._client.GetStream();
        return client;
    }

    /// <summary>Sends bytes and reads what comes until the server ends the connection.</summary>
    public static async Task<string> SpeakAsync(EmulatorServer server, string request, bool half = false)
    {
        using RawClient client = await ConnectAsync(server);
        await client.SendAsync(request);
        if (half) client._client.Client.Shutdown(SocketShutdown.Send);
        return await client.ReadAllAsync();
    }

    /// <summary>Sends text, one byte for each character.</summary>
    public async Task SendAsync(string text) => await Stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task<string> ReadAllAsync()
    {
        using MemoryStream all = new();
        try
        {
            await Stream.CopyToAsync(all);
        }
        catch (IOException)
        {
            // A reset ends it as well; what came before it counts.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
