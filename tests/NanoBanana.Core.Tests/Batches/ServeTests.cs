using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace NanoBanana.Tests.Batches;

/// <summary><c>nb serve</c> as other machines meet it.</summary>
public sealed partial class ServeTests
{
    [Fact]
    public async Task Other_machines_are_served_only_with_a_token()
    {
        using Process refused = Start("--address", "0.0.0.0");
        string error = await refused.StandardError.ReadToEndAsync();
        await refused.WaitForExitAsync();
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--token", error, StringComparison.Ordinal);

        using Process served = Start("--address", "0.0.0.0", "--token", "a-secret");
        try
        {
            string line = (await served.StandardOutput.ReadLineAsync())!;
            Assert.DoesNotContain("a-secret", line, StringComparison.Ordinal);
            var models = new Uri(new Uri(Address().Match(line).Value), "v1beta/models");
            using var http = new HttpClient();
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(http, models, "another"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(http, models, "a-secret"));
        }
        finally
        {
            served.Kill();
        }
    }

    [Fact]
    public async Task A_given_base_path_and_host_name_are_served()
    {
        using Process served =
            Start("--base-path", "/gemini", "--host-name", "gemini.local", "--drift", "--repeatable");
        try
        {
            string line = (await served.StandardOutput.ReadLineAsync())!;
            Uri address = new(Address().Match(line).Value);
            using var http = new HttpClient();
            Assert.Equal("/gemini/", address.AbsolutePath);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(http, new Uri(address, "v1beta/models"), "any"));
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(http, new Uri(address, "/v1beta/models"), "any"));
            Assert.Equal(HttpStatusCode.OK,
                await AskAsync(http, new Uri(address, "v1beta/models"), "any", "gemini.local"));
            Assert.Equal(HttpStatusCode.Forbidden,
                await AskAsync(http, new Uri(address, "v1beta/models"), "any", "rebound.example"));
        }
        finally
        {
            served.Kill();
        }
    }

    [Theory]
    [InlineData("--port must be 0 or more, and 65535 at most.", "serve", "--port", "99999")]
    [InlineData("--max-cost must be 0 or more.", "run", "m.json", "--out", "o", "--max-cost", "-1")]
    [InlineData("See: nb --help", "bogus")]
    public async Task Impossible_options_are_refused_on_one_line(string line, params string[] arguments)
    {
        using Process refused = Run(arguments);
        string[] lines = (await refused.StandardError.ReadToEndAsync()).Split(Environment.NewLine);
        await refused.WaitForExitAsync();
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(line, lines);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, Uri uri, string key, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { { "x-goog-api-key", key } } };
        request.Headers.Host = host;
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static Process Start(params string[] more) => Run(["serve", .. more]);

    private static Process Run(string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "nb.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    [GeneratedRegex("http://[^ ]+")]
    private static partial Regex Address();
}
