using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Bench.Serving;

/// <summary>Serves canned bodies on a loopback port until its input ends. A thread a connection: the least work for
/// each byte.</summary>
internal static class CannedServer
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(60);

    public static int Serve()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 128);
        Console.WriteLine($"http://{listener.LocalEndpoint}");
        var accepting = new Thread(() => Accept(listener)) { IsBackground = true };
        accepting.Start();
        // Whoever started it may be killed: then the input ends, and if even that fails, the time does.
        Task.WaitAny([Console.In.ReadToEndAsync()], Lifetime);
        return 0;
    }

    private static void Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                Socket socket = listener.AcceptSocket();
                new Thread(() =>
                    CannedConnection.Serve(socket), maxStackSize: 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The listener was closed: the run is over.
        }
    }
}
