using System.Net;
using System.Text;

namespace NanoBanana.Tests.Gemini;

/// <summary>Plays a list of answers and keeps what was asked.</summary>
internal sealed class ScriptedHandler(
    params Func<ScriptedHandler.Asked, CancellationToken, Task<HttpResponseMessage>>[] steps)
    : HttpMessageHandler
{
    public List<Asked> Requests { get; } = [];

    public static Func<Asked, CancellationToken, Task<HttpResponseMessage>> Json(
        string body, int status = 200, params (string Name, string Value)[] headers) =>
        Body(Encoding.UTF8.GetBytes(body), status, headers);

    public static Func<Asked, CancellationToken, Task<HttpResponseMessage>> Body(
        byte[] body, int status = 200, params (string Name, string Value)[] headers) => (_, _) =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        foreach ((string name, string value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return Task.FromResult(response);
    };

    /// <summary>An answer whose body breaks off.</summary>
    public static Func<Asked, CancellationToken, Task<HttpResponseMessage>> Broken(string beginning) => (_, _) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(
                new ChunkedStream(Encoding.UTF8.GetBytes(beginning), () => 1000, new IOException("connection reset"))),
        });

    /// <summary>Fails before, or after, the body was taken.</summary>
    public static Func<Asked, CancellationToken, Task<HttpResponseMessage>> Fails(Exception e) =>
        (_, _) => Task.FromException<HttpResponseMessage>(e);

    /// <summary>Gives no answer until it is canceled.</summary>
    public static Func<Asked, CancellationToken, Task<HttpResponseMessage>> Hangs(Action started) => async (_, token) =>
    {
        started();
        await Task.Delay(Timeout.Infinite, token);
        throw new InvalidOperationException();
    };

    /// <summary>Set for a failure that comes before the body is taken.</summary>
    public bool LeavesBody { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null
            || LeavesBody ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers =
            request.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
        var asked = new Asked(request.Method.Method, request.RequestUri!, headers, body,
            request.Content?.Headers.ContentLength);
        Requests.Add(asked);
        Assert.True(Requests.Count <= steps.Length, $"request {Requests.Count} was not expected: {request.RequestUri}");
        return await steps[Requests.Count - 1](asked, cancellationToken);
    }

    internal sealed record Asked(
        string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, byte[] Body, long? ContentLength)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }
}
