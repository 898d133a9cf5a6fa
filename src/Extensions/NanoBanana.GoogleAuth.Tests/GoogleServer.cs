using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.GoogleAuth.Tests;

/// <summary>A Google stand-in on a loopback port: a token service at /token, and a model for every other request. The
/// Pester suite compiles this file too.</summary>
public sealed class GoogleServer : IDisposable
{
    private const string Picture =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private int _tokens;

    public GoogleServer()
    {
        _listener.Start();
        BaseUri = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = ServeAsync();
    }

    public Uri BaseUri { get; }

    public Uri TokenUri => new(BaseUri, "/token");

    /// <summary>How many seconds a token lives.</summary>
    public int Lifetime { get; set; } = 3600;

    /// <summary>Why no token is given; null to give one.</summary>
    public string? Refusal { get; set; }

    /// <summary>The bodies that asked for a token.</summary>
    public ConcurrentQueue<string> TokenRequests { get; } = new();

    /// <summary>The head of every other request.</summary>
    public ConcurrentQueue<string> OtherRequests { get; } = new();

    /// <summary>Stops the server.</summary>
    public void Stop()
    {
        _ended.Cancel();
        _listener.Stop();
    }

    public void Dispose()
    {
        Stop();
        _ended.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            // A client may open connections that it never uses: none waits for another.
            while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_ended.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using TcpClient owned = client;
        NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync(_ended.Token).ConfigureAwait(false) is { Length: > 0 } line)
        {
            head.AppendLine(line);
        }

        string length = head.ToString().Split('\n')
            .FirstOrDefault(line =>
            line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1] ?? "0";
        char[] body = new char[int.Parse(length, CultureInfo.InvariantCulture)];
        if (body.Length > 0) await reader.ReadBlockAsync(body, _ended.Token).ConfigureAwait(false);

        bool isToken = head.ToString().StartsWith("POST /token ", StringComparison.Ordinal);
        bool isRefused = isToken && Refusal is not null;
        string answer = isToken ? Token(new string(body)) : Draw(head.ToString());
        byte[] bytes = Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {(isRefused ? "400 Bad Request" : "200 OK")}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(answer)}\r\nConnection: close\r\n\r\n{answer}");
        await stream.WriteAsync(bytes, _ended.Token).ConfigureAwait(false);
    }

    private string Token(string body)
    {
        TokenRequests.Enqueue(body);
        return Refusal is { } why
            ? $$"""{"error":"invalid_grant","error_description":"{{why}}"}"""
            : $$"""{"access_token":"nb-token-{{Interlocked.Increment(ref _tokens)}}","expires_in":{{Lifetime}},"token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}""";
    }

    private string Draw(string head)
    {
        OtherRequests.Enqueue(head);
        return $$$"""
            {"name":"models/x","candidates":[{"content":{"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":"{{{Picture}}}"}}]},"finishReason":"STOP"}],
             "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2},"modelVersion":"x","responseId":"r"}
            """;
    }
}
