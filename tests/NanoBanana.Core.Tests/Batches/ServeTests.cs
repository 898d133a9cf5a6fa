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

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, Uri uri, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { { "x-goog-api-key", key } } };
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static Process Start(params string[] more) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "nb.dll"), "serve", .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    [GeneratedRegex("http://[^ ]+")]
    private static partial Regex Address();
}
