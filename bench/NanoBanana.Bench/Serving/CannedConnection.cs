using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Bench.Serving;

/// <summary>One HTTP/1.1 connection: reads a request, throws its body away, answers, and waits for the next.</summary>
internal static class CannedConnection
{
    /// <summary>The path that says how large the largest request was since it was last asked for.</summary>
    public const string SentName = "sent";

    private const int BufferLength = 256 * 1024;

    private static readonly object Gate = new();
    private static long s_largest;

    public static void Serve(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] buffer = new byte[BufferLength];
            int filled = 0;
            try
            {
                while (ReadHead(socket, buffer, ref filled) is { } head) Answer(socket, head, buffer, ref filled);
            }
            catch (SocketException)
            {
                // The client is gone; so is the connection.
            }
        }
    }

    private static string? ReadHead(Socket socket, byte[] buffer, ref int filled)
    {
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = filled == buffer.Length ? 0 : socket.Receive(buffer.AsSpan(filled));
            if (read == 0) return null;
            filled += read;
        }
        string head = Encoding.ASCII.GetString(buffer, 0, end);
        buffer.AsSpan(end + 4, filled - end - 4).CopyTo(buffer);
        filled -= end + 4;
        return head;
    }

    private static void Answer(Socket socket, string head, byte[] buffer, ref int filled)
    {
        string[] lines = head.Split("\r\n");
        if (Header(lines, "Expect") is not null) socket.Send("HTTP/1.1 100 Continue\r\n\r\n"u8);
        long body = long.Parse(Header(lines, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        Drain(socket, body, buffer, ref filled);
        string name = lines[0].Split(' ')[1].Split('/', StringSplitOptions.RemoveEmptyEntries)[0];
        if (name == SentName)
        {
            string number = TakeLargest().ToString(CultureInfo.InvariantCulture);
            socket.Send(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {number.Length}\r\n\r\n{number}"));
            return;
        }
        lock (Gate) s_largest = Math.Max(s_largest, head.Length + 4 + body);
        if (CannedBody.For(name) is not var (length, pieces))
        {
            socket.Send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8);
            return;
        }
        bool isEvents = name.StartsWith(CannedBody.EventsPrefix, StringComparison.Ordinal);
        string type = isEvents ? "text/event-stream" : "application/json";
        socket.Send(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: {type}; charset=UTF-8\r\nContent-Length: {length}\r\n\r\n"));
        foreach (ReadOnlyMemory<byte> piece in pieces) SendWhole(socket, piece.Span);
    }

    private static long TakeLargest()
    {
        lock (Gate)
        {
            long largest = s_largest;
            s_largest = 0;
            return largest;
        }
    }

    private static void Drain(Socket socket, long left, byte[] buffer, ref int filled)
    {
        int held = (int)Math.Min(left, filled);
        buffer.AsSpan(held, filled - held).CopyTo(buffer);
        filled -= held;
        left -= held;
        while (left > 0)
        {
            int read = socket.Receive(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            if (read == 0) throw new SocketException((int)SocketError.ConnectionReset);
            left -= read;
        }
    }

    private static void SendWhole(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    private static string? Header(string[] lines, string name) => lines
        .Skip(1)
        .Select(line => line.Split(':', 2))
        .FirstOrDefault(pair => pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();
}
