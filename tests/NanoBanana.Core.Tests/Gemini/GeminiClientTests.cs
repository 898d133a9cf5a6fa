using System.Text.Json.Nodes;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

public sealed class GeminiClientTests
{
    private const string Key = "AIzaSyTESTTESTTESTTESTTESTTESTTESTTEST0";
    private const string Good =
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]},"finishReason":"STOP"}]}""";
    private const string Overloaded = """{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}""";

    private static readonly GenerateCall Call =
        new() { Model = "gemini-x", Contents = [new Turn("user", [new TextPart("a fox")])] };

    private readonly FakeTime _time = new(longest: TimeSpan.FromSeconds(300));
    private readonly List<ClientEvent> _events = [];

    [Fact]
    public async Task A_call_has_the_right_address_and_body()
    {
        var handler = new ScriptedHandler(Json(Good));
        Answer answer = await Client(handler).GenerateAsync(Call, BlobSink.Memory);

        Assert.Equal("hi", answer.Candidates[0].Content!.Text);
        Asked asked = Assert.Single(handler.Requests);
        Assert.Equal("POST", asked.Method);
        Assert.Equal("https://generativelanguage.googleapis.com/v1/models/gemini-x:generateContent",
            asked.Uri.AbsoluteUri);
        Assert.Equal(Key, asked.Headers["x-goog-api-key"]);
        Assert.Equal("300", asked.Headers["X-Server-Timeout"]);
        Assert.StartsWith("NanoBanana.PowerShell/", asked.Headers["User-Agent"]);
        Assert.Equal(asked.Body.Length, asked.ContentLength);
        Assert.Equal("a fox", JsonNode.Parse(asked.Text)!["contents"]![0]!["parts"]![0]!["text"]!.GetValue<string>());
        Assert.Equal([ClientEventKind.Sending, ClientEventKind.Answered], _events.Select(e => e.Kind));
    }

    [Fact]
    public async Task Vertex_has_its_own_paths_and_a_token()
    {
        var handler = new ScriptedHandler(Json(Good), Json(Good));
        foreach (string location in (string[])["us-central1", "global"])
        {
            using var client = new GeminiClient(
                GeminiEndpoint.ForVertex("my-project", location),
                GeminiCredential.FromToken(_ => ValueTask.FromResult(new AccessToken("tok", "paying-project"))),
                handler: handler);
            await client.GenerateAsync(Call, BlobSink.Memory);
        }
        Assert.Equal(
            "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/my-project/locations/us-central1/publishers/google/models/gemini-x:generateContent",
            handler.Requests[0].Uri.AbsoluteUri);
        Assert.Equal("aiplatform.googleapis.com", handler.Requests[1].Uri.Host);
        Assert.Equal("Bearer tok", handler.Requests[0].Headers["Authorization"]);
        Assert.Equal("paying-project", handler.Requests[0].Headers["x-goog-user-project"]);
    }

    [Theory]
    [InlineData(429, "RESOURCE_EXHAUSTED")]
    [InlineData(500, "INTERNAL")]
    [InlineData(502, "UNAVAILABLE")]
    [InlineData(503, "UNAVAILABLE")]
    [InlineData(504, "DEADLINE_EXCEEDED")]
    [InlineData(408, "DEADLINE_EXCEEDED")]
    public async Task Temporary_errors_of_the_service_are_retried(int status, string name)
    {
        string body = $$$"""{"error":{"code":{{{status}}},"message":"later","status":"{{{name}}}"}}""";
        var handler = new ScriptedHandler(Json(body, status), Json($"[{body}]", status), Json(Good));
        Answer answer = await Client(handler).GenerateAsync(Call, BlobSink.Memory);
        Assert.Single(answer.Candidates);
        Assert.Equal(3, handler.Requests.Count);
        Assert.Equal(handler.Requests[0].Text, handler.Requests[2].Text);
        Assert.Equal([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1)], _time.Waits);
        Assert.Equal(2, _events.Count(e => e.Kind == ClientEventKind.Retrying && e.RetryIn is not null));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(307)]
    public async Task Permanent_errors_are_not_retried(int status)
    {
        var handler = new ScriptedHandler(Json("{}", status));
        NbException e = await Fails(handler);
        Assert.Equal(status, e.HttpStatus);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task Retries_are_limited()
    {
        var handler = new ScriptedHandler(Json(Overloaded, 503), Json(Overloaded, 503), Json(Overloaded, 503));
        NbException e = await Fails(handler, options => options with { MaximumRetryCount = 2 });
        Assert.Equal("Nb.Service.Unavailable", e.ErrorId);
        Assert.Equal(3, handler.Requests.Count);
        Assert.Equal(ClientEventKind.Failed, _events[^1].Kind);
    }

    [Fact]
    public async Task A_retry_waits_at_least_as_long_as_the_service_asks()
    {
        var handler = new ScriptedHandler(
            Json("""{"error":{"message":"x","details":[{"retryDelay":"30s"}]}}""", 429),
                Json(Overloaded, 503, ("Retry-After", "7")), Json(Good));
        await Client(handler).GenerateAsync(Call, BlobSink.Memory);
        Assert.Equal([TimeSpan.FromSeconds(30.5), TimeSpan.FromSeconds(8)], _time.Waits);
    }

    [Fact]
    public async Task A_wait_beyond_the_budget_ends_the_call_and_says_so()
    {
        var handler =
            new ScriptedHandler(Json("""{"error":{"message":"x","details":[{"retryDelay":"1h16m0.6s"}]}}""", 429));
        NbException e = await Fails(handler);
        Assert.Equal("Nb.Service.RateLimited", e.ErrorId);
        Assert.Contains("longer than what is left for retries", e.Message);
        Assert.Empty(_time.Waits);
        Assert.Equal(ClientEventKind.Failed, _events[^1].Kind);
    }

    [Fact]
    public async Task A_daily_quota_is_not_waited_for()
    {
        var handler = new ScriptedHandler(Json(
            """{"error":{"message":"x","details":[{"violations":[{"quotaId":"RequestsPerDay"}]},{"retryDelay":"1s"}]}}""",
                429));
        Assert.Equal("Nb.Service.QuotaExhausted", (await Fails(handler)).ErrorId);
    }

    [Fact]
    public async Task A_connection_that_was_never_made_is_tried_again()
    {
        var refused = new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        var handler =
            new ScriptedHandler(ScriptedHandler.Fails(refused), ScriptedHandler.Fails(refused)) { LeavesBody = true };
        NbException e = await Fails(handler, options => options with { MaximumRetryCount = 1 });
        Assert.Equal("Nb.Service.NotConnected", e.ErrorId);
        Assert.False(e.IsUncertain);
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task A_connection_lost_while_sending_is_tried_again()
    {
        var reset = new HttpRequestException(HttpRequestError.Unknown, "reset");
        var handler = new ScriptedHandler(ScriptedHandler.Fails(reset), Json(Good)) { LeavesBody = true };
        await Client(handler).GenerateAsync(Call, BlobSink.Memory);
        Assert.Equal("Nb.Service.NotSent", Assert.Single(_events, e => e.Kind == ClientEventKind.Retrying).ErrorId);
    }

    [Fact]
    public async Task A_connection_lost_after_sending_is_uncertain_and_not_sent_again()
    {
        var handler =
            new ScriptedHandler(
            ScriptedHandler.Fails(new HttpRequestException(HttpRequestError.ResponseEnded, "ended")));
        NbException e = await Fails(handler);
        Assert.Equal("Nb.Service.ConnectionLost", e.ErrorId);
        Assert.True(e.IsUncertain);
        Assert.False(e.IsRetryable);
    }

    [Fact]
    public async Task An_answer_cut_off_is_uncertain_and_not_sent_again()
    {
        var handler = new ScriptedHandler(Broken(Good[..^10]));
        NbException e = await Fails(handler);
        Assert.Equal("Nb.Answer.Truncated", e.ErrorId);
        Assert.True(e.IsUncertain);
    }

    [Fact]
    public async Task With_consent_an_uncertain_call_is_sent_again()
    {
        var handler = new ScriptedHandler(
            ScriptedHandler.Fails(new HttpRequestException(HttpRequestError.ResponseEnded, "ended")),
                Broken(Good[..^10]), Json(Good));
        Answer answer = await Client(handler, options => options with { ResendUncertain = true })
            .GenerateAsync(Call, BlobSink.Memory);
        Assert.Single(answer.Candidates);
    }

    [Fact]
    public async Task A_call_answered_without_json_is_not_sent_again_even_with_consent()
    {
        var handler = new ScriptedHandler(Json("<html>sign in</html>"));
        NbException e = await Fails(handler, options => options with { ResendUncertain = true });
        Assert.Equal("Nb.Answer.NotJson", e.ErrorId);
    }

    [Fact]
    public async Task A_client_timeout_after_sending_is_uncertain()
    {
        var handler = new ScriptedHandler(Hangs(_time.FireTimeouts));
        NbException e = await Fails(handler);
        Assert.Equal(("Nb.Service.TimedOut", NbErrorKind.OperationTimeout, true), (e.ErrorId, e.Kind, e.IsUncertain));
    }

    [Fact]
    public async Task A_client_timeout_before_sending_is_certain()
    {
        var handler = new ScriptedHandler(Hangs(_time.FireTimeouts)) { LeavesBody = true };
        NbException e = await Fails(handler);
        Assert.Equal(("Nb.Service.TimedOut", false), (e.ErrorId, e.IsUncertain));
    }

    [Fact]
    public async Task Canceling_is_not_a_timeout()
    {
        using var source = new CancellationTokenSource();
        var handler = new ScriptedHandler(Hangs(source.Cancel));
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Client(handler).GenerateAsync(Call, BlobSink.Memory, source.Token));
        Assert.Equal(source.Token, e.CancellationToken);
    }

    [Theory]
    [InlineData(null, "Nb.File.NotFound")]
    [InlineData("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", "Nb.Blob.Missing")]
    public async Task An_image_missing_on_disk_has_its_own_error(string? keptAs, string errorId)
    {
        var handler = new ScriptedHandler(Json(Good));
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [1, 2, 3]);
        Blob blob = Blob.FromFile(path, keptAs);
        Assert.Equal(3, blob.Length);
        File.Delete(path);
        NbException e = await Assert.ThrowsAsync<NbException>(() => Client(handler).GenerateAsync(
            Call with { Contents = [new Turn("user", [new ImagePart(blob, "image/png")])] }, BlobSink.Memory));
        Assert.Equal(errorId, e.ErrorId);
    }

    [Fact]
    public async Task No_secret_is_ever_shown()
    {
        var handler =
            new ScriptedHandler(
            Json($$$"""{"error":{"message":"key {{{Key}}} and AIzaSyOTHEROTHEROTHEROTHEROTHEROTHER are bad"}}""", 403));
        NbException e = await Fails(handler);
        string all = e + e.Message + e.Advice + string.Join('\n', _events) + GeminiCredential.FromApiKey(Key);
        Assert.DoesNotContain("AIza", all);
        Assert.Contains("[hidden]", e.Message);
        Assert.DoesNotContain("tok-1", new AccessToken("tok-1").ToString());
        Assert.DoesNotContain("tok-1",
            GeminiCredential.FromToken(_ => ValueTask.FromResult(new AccessToken("tok-1"))).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("schlüssel")]
    public void An_invalid_key_is_refused_without_repeating_it(string key)
    {
        NbException e = Assert.Throws<NbException>(() => GeminiCredential.FromApiKey(key));
        Assert.Equal("Nb.Service.BadKey", e.ErrorId);
    }

    [Theory]
    [InlineData("http://example.com", "Nb.Service.InsecureUri")]
    [InlineData("http://127.0.0.1.example.com", "Nb.Service.InsecureUri")]
    [InlineData("ftp://example.com", "Nb.Service.InvalidUri")]
    [InlineData("https://me:secret@example.com", "Nb.Service.InvalidUri")]
    [InlineData("https://example.com/?key=abc", "Nb.Service.InvalidUri")]
    [InlineData("relative", "Nb.Service.InvalidUri")]
    public void An_address_that_would_send_the_key_unencrypted_is_refused(string uri, string id)
    {
        NbException e =
            Assert.Throws<NbException>(() => GeminiEndpoint.ForGemini(new Uri(uri, UriKind.RelativeOrAbsolute)));
        Assert.Equal(id, e.ErrorId);
        Assert.DoesNotContain("secret", e.Message);
    }

    [Theory]
    [InlineData("http://localhost:8080", "http://localhost:8080/v1/models/m:generateContent")]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1/v1/models/m:generateContent")]
    [InlineData("http://[::1]:1/", "http://[::1]:1/v1/models/m:generateContent")]
    [InlineData("https://gateway.example/gemini/", "https://gateway.example/gemini/v1/models/m:generateContent")]
    public void An_address_may_be_this_machine_or_a_gateway(string uri, string expected) =>
        Assert.Equal(expected, GeminiEndpoint.ForGemini(new Uri(uri)).Method("m", "generateContent").AbsoluteUri);

    [Theory]
    [InlineData("../../evil")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("..")]
    public void A_model_name_that_would_change_the_address_is_refused(string model) => Assert.Equal(
        "Nb.Service.ModelNotFound",
        Assert.Throws<NbException>(() => GeminiEndpoint.ForGemini().Method(model, "x")).ErrorId);

    [Theory]
    [InlineData("p", "us/../x")]
    [InlineData("p", "evil.example/")]
    [InlineData("a/b", "global")]
    public void A_project_or_location_that_would_change_the_address_is_refused(string project, string location) =>
        Assert.Equal("Nb.Service.InvalidUri",
            Assert.Throws<NbException>(() => GeminiEndpoint.ForVertex(project, location)).ErrorId);

    [Fact]
    public async Task Options_may_change_over_the_same_connections()
    {
        var handler = new ScriptedHandler(Json(Overloaded, 503), Json(Good));
        GeminiClient client = Client(handler);
        using (GeminiClient impatient = client.With(client.Options with { MaximumRetryCount = 0 }))
        {
            await Assert.ThrowsAsync<NbException>(() => impatient.GenerateAsync(Call, BlobSink.Memory));
        }
        Assert.Single((await client.GenerateAsync(Call, BlobSink.Memory)).Candidates);
    }

    private async Task<NbException> Fails(
        ScriptedHandler handler, Func<GeminiClientOptions, GeminiClientOptions>? change = null)
    {
        NbException e =
            await Assert.ThrowsAsync<NbException>(() => Client(handler, change).GenerateAsync(Call, BlobSink.Memory));
        Assert.DoesNotContain(Key, e.ToString());
        return e;
    }

    private GeminiClient Client(ScriptedHandler handler, Func<GeminiClientOptions, GeminiClientOptions>? change = null)
    {
        var options = new GeminiClientOptions { TimeProvider = _time, Random = () => 0.5, Observe = _events.Add };
        return new GeminiClient(
            GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey(Key), change?.Invoke(options) ?? options, handler);
    }
}
