using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

/// <summary>What stands between us and the service: which of its answers leave open whether a picture was made and
/// billed.</summary>
public sealed class GatewayTests
{
    private const string Good =
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]},"finishReason":"STOP"}]}""";

    private static readonly GenerateCall Call =
        new() { Model = "gemini-x", Contents = [new Turn("user", [new TextPart("a fox")])] };

    [Theory]
    [InlineData(500, "<html><title>500 Internal Server Error</title></html>")]
    [InlineData(502, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")]
    [InlineData(503, "")]
    [InlineData(504, "<html>504 Gateway Time-out</html>")]
    [InlineData(504, "upstream request timeout")]
    [InlineData(504, """{"message":"Endpoint request timed out"}""")]
    [InlineData(502, """{"error":{"message":"Provider returned error","type":"server_error","code":"upstream"}}""")]
    [InlineData(502, """{"error":{"code":502,"message":"Provider returned error"}}""")]
    [InlineData(504, """{"error":{"code":504,"message":"upstream request timeout","status":"Gateway Timeout"}}""")]
    [InlineData(500, """{"error":"a string"}""")]
    [InlineData(503, """{"error":{"code":503""")]
    [InlineData(507, "{}")]
    [InlineData(520, "error code: 520")]
    [InlineData(521, "")]
    [InlineData(522, "<html>Connection timed out</html>")]
    [InlineData(523, "")]
    [InlineData(524, "<html>A timeout occurred</html>")]
    [InlineData(525, "")]
    [InlineData(526, "")]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")]
    [InlineData(598, "")]
    [InlineData(408, "")]
    [InlineData(408, "<html>Request Timeout</html>")]
    [InlineData(499, "")]
    [InlineData(460, "")]
    public async Task A_gateways_fault_after_the_request_was_sent_is_uncertain_and_not_sent_again(int status,
        string body)
    {
        var handler = new ScriptedHandler(Json(body, status));
        NbException e =
            await Assert.ThrowsAsync<NbException>(() => Free.Client(handler).GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Service.GatewayFault", true, false, status),
            (e.ErrorId, e.IsUncertain, e.IsRetryable, e.HttpStatus));
        Assert.Contains("may have been carried out and billed", e.Advice);
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData("""{"error":"upstream timed out"}""")]
    [InlineData("""{"error":{"message":"context deadline exceeded","type":"server_error"}}""")]
    [InlineData("""{"error":{"code":524,"message":"Provider returned error","metadata":{"raw":"a timeout occurred"}}}""")]
    public async Task A_gateways_fault_with_a_success_status_is_uncertain_too(string body)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(new ScriptedHandler(Json(body))).GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Service.GatewayFault", true), (e.ErrorId, e.IsUncertain));
    }

    [Theory]
    [InlineData("<html><title>Sign in</title></html>")]
    [InlineData("please log in")]
    public async Task A_login_page_is_uncertain_too(string body)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(new ScriptedHandler(Json(body))).GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Answer.NotJson", true), (e.ErrorId, e.IsUncertain));
    }

    [Fact]
    public async Task With_consent_a_call_after_a_gateways_fault_is_sent_again()
    {
        var handler = new ScriptedHandler(Json("<html>504</html>", 504), Json("", 503), Json("", 499), Json(Good));
        GeminiClient client = Free.Client(handler);
        using GeminiClient willing = client.With(client.Options with { ResendUncertain = true });
        Assert.Single((await willing.GenerateAsync(Call, BlobSink.Memory)).Candidates);
    }

    [Theory]
    [InlineData(400, "", "Nb.Service.InvalidRequest")]
    [InlineData(401, "<html>401</html>", "Nb.Service.BadKey")]
    [InlineData(402, """{"error":"no credits"}""", "Nb.Service.BillingStopped")]
    [InlineData(403, "<html>blocked by policy</html>", "Nb.Service.PermissionDenied")]
    [InlineData(404, "<html>404 page not found</html>", "Nb.Service.WrongAddress")]
    [InlineData(404, """{"detail":"Not Found"}""", "Nb.Service.WrongAddress")]
    [InlineData(404, "", "Nb.Service.WrongAddress")]
    [InlineData(404, """{"error":{"message":"The model gemini-x does not exist"}}""", "Nb.Service.ModelNotFound")]
    [InlineData(404,
        """{"statusCode":404,"message":"Cannot POST /v1/v1/models/gemini-x:generateContent","error":"Not Found"}""",
        "Nb.Service.WrongAddress")]
    [InlineData(404, """{"message":"no Route matched with those values"}""", "Nb.Service.WrongAddress")]
    [InlineData(405, "", "Nb.Service.WrongAddress")]
    [InlineData(407, "", "Nb.Service.ProxyRefused")]
    [InlineData(413, "<html>413 Request Entity Too Large</html>", "Nb.Service.RequestTooLarge")]
    [InlineData(414, "", "Nb.Service.RequestTooLarge")]
    [InlineData(431, "", "Nb.Service.RequestTooLarge")]
    [InlineData(501, "", "Nb.Service.Unexpected")]
    [InlineData(511, "<html>log in to the network</html>", "Nb.Service.Unexpected")]
    [InlineData(302, "", "Nb.Service.Redirected")]
    public async Task A_refusal_of_a_request_is_certain_from_any_sender(int status, string body, string id)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(new ScriptedHandler(Json(body, status))).GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal((id, false), (e.ErrorId, e.IsUncertain));
    }

    [Fact]
    public async Task A_call_limited_by_a_gateway_is_retried_when_the_gateway_says()
    {
        var handler = new ScriptedHandler(Json("<html>slow down</html>", 429, ("Retry-After", "9")), Json(Good));
        var time = new FakeTime(TimeSpan.FromSeconds(300));
        Assert.Single((await Free.Client(handler, time).GenerateAsync(Call, BlobSink.Memory)).Candidates);
        Assert.Equal([TimeSpan.FromSeconds(9.5)], time.Waits);
    }

    [Fact]
    public async Task A_fault_that_comes_before_the_request_was_sent_is_certain()
    {
        var handler = new ScriptedHandler(Json("<html>502</html>", 502), Json("", 503)) { LeavesBody = true };
        GeminiClient client = Free.Client(handler);
        using GeminiClient once = client.With(client.Options with { MaximumRetryCount = 1 });
        NbException e = await Assert.ThrowsAsync<NbException>(() => once.GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Service.Unavailable", false), (e.ErrorId, e.IsUncertain));
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task A_free_call_is_never_uncertain()
    {
        var handler = new ScriptedHandler(Json("<html>502</html>", 502), Json("""{"name":"models/gemini-x"}"""));
        Assert.Equal("gemini-x", (await Free.Client(handler).GetModelAsync("gemini-x")).Id);
    }

    [Fact]
    public async Task Starting_a_job_through_a_gateway_that_gives_up_is_uncertain()
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(new ScriptedHandler(Json("<html>504</html>", 504)))
                .CreateBatchAsync("gemini-x", "files/a", "job"));
        Assert.True(e.IsUncertain);
    }
}
