using NanoBanana.Gemini.Http;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

/// <summary>The way to the service over real sockets: proxies, certificates, and headers of one's own.</summary>
/// <remarks>Alone: the proxy is that of the whole process.</remarks>
[Collection(nameof(RouteTests))]
[CollectionDefinition(nameof(RouteTests), DisableParallelization = true)]
public sealed class RouteTests : IDisposable
{
    private const string Good = """{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]}}]}""";

    private static readonly GenerateCall Call =
        new() { Model = "m", Contents = [new Turn("user", [new TextPart("a fox")])] };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IWebProxy _before = HttpClient.DefaultProxy;

    public RouteTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        HttpClient.DefaultProxy = _before;
        _listener.Dispose();
    }

    [Fact]
    public async Task The_key_goes_through_no_proxy_to_this_machine()
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        HttpClient.DefaultProxy =
            new WebProxy($"http://127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}", BypassOnLocal: false);
        Task<string> served = ServeAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Good.Length}\r\n\r\n{Good}");
        using GeminiClient client = Client($"http://127.0.0.1:{Port}");

        await client.GenerateAsync(Call, BlobSink.Memory);

        Assert.Contains("x-goog-api-key: the-key-of-the-route", await served, StringComparison.OrdinalIgnoreCase);
        Assert.False(proxy.Pending());
    }

    [Fact]
    public async Task A_proxy_that_needs_a_password_is_a_certain_failure_with_its_own_advice()
    {
        HttpClient.DefaultProxy = new WebProxy($"http://127.0.0.1:{Port}");
        Task<string> served =
            ServeAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n");
        using GeminiClient client = Client("https://gateway.invalid");

        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GenerateAsync(Call, BlobSink.Memory));

        Assert.Equal(("Nb.Service.ProxyRefused", false, false), (e.ErrorId, e.IsUncertain, e.IsRetryable));
        Assert.Contains("HTTPS_PROXY", e.Advice);
        string asked = await served;
        Assert.StartsWith("CONNECT gateway.invalid:443", asked);
        Assert.DoesNotContain("the-key-of-the-route", asked);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_a_certain_failure_with_its_own_advice()
    {
        HttpClient.DefaultProxy = new WebProxy();
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Task shown = Task.Run(async () =>
        {
            using Socket socket = await _listener.AcceptSocketAsync();
            await using var tls = new SslStream(new NetworkStream(socket));
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.ReadExactlyAsync(new byte[1]);
            });
        });
        using GeminiClient client = Client($"https://localhost:{Port}");

        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GenerateAsync(Call, BlobSink.Memory));

        Assert.Equal(("Nb.Service.CertificateRefused", false, false), (e.ErrorId, e.IsUncertain, e.IsRetryable));
        Assert.Contains("SSL_CERT_FILE", e.Advice);
        await shown;
    }

    [Fact]
    public async Task A_host_name_that_does_not_resolve_is_a_certain_failure()
    {
        HttpClient.DefaultProxy = new WebProxy();
        using GeminiClient client = Client("https://nowhere.invalid");
        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Service.NotConnected", false), (e.ErrorId, e.IsUncertain));
    }

    [Fact]
    public async Task User_headers_are_sent_but_never_shown()
    {
        Task<string> served = ServeAsync("HTTP/1.1 403 No\r\nContent-Length: 29\r\n\r\nno entry for tenant-7-secret!");
        var shown = new List<string>();
        using GeminiClient client = Client($"http://127.0.0.1:{Port}", options => options with
        {
            Headers = ConnectionHeaders.Parse(
                "X-Tenant-Key: tenant-7-secret\nAuthorization: Bearer abcdef-0123456789\nUser-Agent: mine"),
            Observe = step => shown.Add(step.ToString()),
            ObserveBody = body => shown.Add(body.ToString()),
        });

        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GenerateAsync(Call, BlobSink.Memory));

        string asked = await served;
        Assert.Contains("X-Tenant-Key: tenant-7-secret\r\n", asked);
        Assert.Contains("Authorization: Bearer abcdef-0123456789\r\n", asked);
        Assert.Contains("User-Agent: mine\r\n", asked);
        string all = e + e.Advice + string.Join('\n', shown) + client.Options;
        Assert.DoesNotContain("tenant-7-secret", all);
        Assert.DoesNotContain("abcdef-0123456789", all);
    }

    [Theory]
    [InlineData("Host: evil")]
    [InlineData("Content-Length: 3")]
    [InlineData("a b: c")]
    [InlineData("no-colon-secret-value")]
    [InlineData("X: ä-secret-value")]
    [InlineData("{\"X\": 5}")]
    [InlineData("{\"X\": \"secret-value")]
    public void A_header_that_cannot_be_sent_is_refused_without_its_value(string text)
    {
        NbException e = Assert.Throws<NbException>(() => ConnectionHeaders.Parse(text));
        Assert.Equal("Nb.Connection.InvalidHeader", e.ErrorId);
        Assert.DoesNotContain("secret-value", e.Message);
    }

    [Fact]
    public void Headers_are_read_from_lines_or_from_json()
    {
        Assert.Equal(["X-A", "X-B"], ConnectionHeaders.Parse("X-A: 1\r\nX-B: 2\n").Names);
        Assert.Equal(["X-A", "X-B"], ConnectionHeaders.Parse("""{"X-A": "1", "X-B": "2"}""").Names);
        Assert.Equal("X-A, X-B",
            ConnectionHeaders.Parse("X-A: 1").With(ConnectionHeaders.Parse("x-b: 2\nX-B: 3")).ToString());
    }

    private static GeminiClient Client(string address, Func<GeminiClientOptions, GeminiClientOptions>? change = null)
    {
        var options = new GeminiClientOptions { MaximumRetryCount = 0 };
        return new GeminiClient(
            GeminiEndpoint.ForGemini(new Uri(address)), GeminiCredential.FromApiKey("the-key-of-the-route"),
                change?.Invoke(options) ?? options);
    }

    /// <summary>Reads one request and answers it.</summary>
    private Task<string> ServeAsync(string answer) => Task.Run(async () =>
    {
        using Socket socket = await _listener.AcceptSocketAsync();
        await using var stream = new NetworkStream(socket);
        var asked = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (!IsWhole(asked.ToString()))
        {
            asked.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        return asked.ToString();
    });

    private static bool IsWhole(string asked)
    {
        int end = asked.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        string? length = asked[..end].Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null
            || asked.Length - end - 4 >= int.Parse(length.Split(':')[1],
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
