using System.Net;
using System.Net.Sockets;
using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

/// <summary>The client over real sockets: what the platform's HTTP stack makes of a server that misbehaves.</summary>
public sealed class LoopbackTests : IDisposable
{
    private const string Good = """{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]}}]}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<ClientEvent> _events = [];
    private readonly CancellationTokenSource _ended = new();
    private int _connections;

    public LoopbackTests() => _listener.Start();

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    [Fact]
    public async Task Two_calls_use_one_connection()
    {
        Serve(async stream =>
        {
            while (true)
            {
                await ReadRequestAsync(stream);
                await AnswerAsync(stream, Good);
            }
        });
        using GeminiClient client = Client();
        for (int i = 0; i < 2; i++) await client.GenerateAsync(Call(size: 300_000), BlobSink.Memory);
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task A_server_that_hangs_up_after_the_request_leaves_it_uncertain()
    {
        Serve(ReadRequestAsync);
        NbException e = await FailsAsync(Call(size: 300_000));
        Assert.Equal(("Nb.Service.ConnectionLost", true), (e.ErrorId, e.IsUncertain));
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task A_server_that_hangs_up_in_the_middle_of_the_answer_leaves_it_uncertain()
    {
        Serve(async stream =>
        {
            await ReadRequestAsync(stream);
            await AnswerAsync(stream, Good[..^9], length: Good.Length);
        });
        NbException e = await FailsAsync(Call());
        Assert.Equal(("Nb.Answer.Truncated", true), (e.ErrorId, e.IsUncertain));
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task A_request_is_retried_when_the_server_hangs_up_while_it_is_sent()
    {
        Serve(async stream =>
        {
            if (_connections == 1)
            {
                // Unread bytes make the closing a reset, which the sender notices before all is sent.
                await stream.ReadExactlyAsync(new byte[1000]);
                return;
            }
            await ReadRequestAsync(stream);
            await AnswerAsync(stream, Good);
        });
        using GeminiClient client = Client();
        Answer answer = await client.GenerateAsync(Call(size: 64 * 1024 * 1024), BlobSink.Memory);
        Assert.Single(answer.Candidates);
        Assert.Equal("Nb.Service.NotSent", Assert.Single(_events, e => e.Kind == ClientEventKind.Retrying).ErrorId);
    }

    [Fact]
    public async Task A_port_nobody_listens_on_is_not_a_connection()
    {
        _listener.Stop();
        NbException e = await FailsAsync(Call());
        Assert.Equal(("Nb.Service.NotConnected", false, true), (e.ErrorId, e.IsUncertain, e.IsRetryable));
        Assert.Equal(2, _events.Count(seen => seen.Kind == ClientEventKind.Sending));
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        Serve(async stream =>
        {
            await ReadRequestAsync(stream);
            await stream.WriteAsync(
                "HTTP/1.1 307 Moved\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
        Assert.Equal("Nb.Service.Redirected", (await FailsAsync(Call())).ErrorId);
    }

    [Fact]
    public async Task Canceling_a_hanging_call_ends_it()
    {
        using var source = new CancellationTokenSource();
        Serve(async stream =>
        {
            await ReadRequestAsync(stream);
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, _ended.Token);
        });
        using GeminiClient client = Client();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GenerateAsync(Call(), BlobSink.Memory, source.Token));
        Assert.Equal(source.Token, e.CancellationToken);
    }

    private static GenerateCall Call(int size = 10) => new()
    {
        Model = "m",
        Contents = [new Turn("user", [new ImagePart(Blob.FromBytes(new byte[size]), "image/png")])],
    };

    private GeminiClient Client() => new(
        GeminiEndpoint.ForGemini(new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}")),
        GeminiCredential.FromApiKey("k"),
        new GeminiClientOptions { MaximumRetryCount = 1, RetryDelay = TimeSpan.Zero, Observe = _events.Add });

    private async Task<NbException> FailsAsync(GenerateCall call)
    {
        using GeminiClient client = Client();
        return await Assert.ThrowsAsync<NbException>(() => client.GenerateAsync(call, BlobSink.Memory));
    }

    private void Serve(Func<NetworkStream, Task> handle) => _ = Task.Run(async () =>
    {
        try
        {
            while (true)
            {
                using Socket socket = await _listener.AcceptSocketAsync(_ended.Token);
                _connections++;
                await using var stream = new NetworkStream(socket);
                await handle(stream);
            }
        }
        catch (Exception e)
            when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    });

    private static async Task ReadRequestAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!CollectionsEndWith(head, "\r\n\r\n"u8))
        {
            await stream.ReadExactlyAsync(one);
            head.Add(one[0]);
        }
        string text = Encoding.ASCII.GetString([.. head]);
        string length = text.Split("\r\n")
            .Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        await stream.ReadExactlyAsync(new byte[int.Parse(length.Split(':')[1])]);
    }

    private static bool CollectionsEndWith(List<byte> bytes, ReadOnlySpan<byte> end) =>
        bytes.Count >= end.Length && System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).EndsWith(end);

    private static async Task AnswerAsync(NetworkStream stream, string body, int? length = null) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length ?? body.Length}\r\n\r\n{body}"));
}
