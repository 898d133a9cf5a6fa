using System.Text;
using System.Text.Json;
using NanoBanana.Gemini.Http;

namespace NanoBanana.Tests.Gemini;

public sealed class ServiceErrorTests
{
    private const string Quota = """
        {"error":{"code":429,"message":"You exceeded your quota. Please retry in 37.36s.","status":"RESOURCE_EXHAUSTED","details":[
         {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"@ID","quotaValue":"@VALUE"}]},
         {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37.363665079s"}]}}
        """;

    [Theory]
    [InlineData(400, """{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}""",
        "Nb.Service.InvalidRequest", NbErrorKind.InvalidArgument, false)]
    [InlineData(400, """[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]""",
        "Nb.Service.InvalidRequest", NbErrorKind.InvalidArgument, false)]
    [InlineData(400,
        """{"error":{"message":"API key not valid. Please pass a valid API key.","details":[{"reason":"API_KEY_INVALID"}]}}""",
        "Nb.Service.BadKey", NbErrorKind.AuthenticationError, false)]
    [InlineData(401, "", "Nb.Service.BadKey", NbErrorKind.AuthenticationError, false)]
    [InlineData(403, "<html><title>403 Forbidden</title></html>", "Nb.Service.PermissionDenied",
        NbErrorKind.PermissionDenied, false)]
    [InlineData(400,
        """{"error":{"message":"Image part is missing a thought_signature in content position 2, part position 1."}}""",
        "Nb.Service.SignatureRejected", NbErrorKind.InvalidArgument, false)]
    [InlineData(400,
        """{"error":{"message":"Invalid JSON payload received. Unknown name \"personGeneration\" at x"}}""",
        "Nb.Service.UnknownField", NbErrorKind.InvalidArgument, false)]
    [InlineData(404, """{"error":{"message":"models/x is not found for API version v1beta"}}""", "Nb.Service.NotFound",
        NbErrorKind.ObjectNotFound, false)]
    [InlineData(408, "", "Nb.Service.Timeout", NbErrorKind.OperationTimeout, true)]
    [InlineData(413, "<html>too large</html>", "Nb.Service.RequestTooLarge", NbErrorKind.LimitsExceeded, false)]
    [InlineData(429, "", "Nb.Service.RateLimited", NbErrorKind.LimitsExceeded, true)]
    [InlineData(500, """{"error":"a string"}""", "Nb.Service.Unavailable", NbErrorKind.ResourceUnavailable, true)]
    [InlineData(502, "Bad Gateway", "Nb.Service.Unavailable", NbErrorKind.ResourceUnavailable, true)]
    [InlineData(503, """{"error":{"message":"The model is overloaded.","status":"UNAVAILABLE","det""",
        "Nb.Service.Unavailable", NbErrorKind.ResourceUnavailable, true)]
    [InlineData(504, "null", "Nb.Service.Timeout", NbErrorKind.OperationTimeout, true)]
    [InlineData(302, "", "Nb.Service.Redirected", NbErrorKind.ResourceUnavailable, false)]
    [InlineData(501, "{}", "Nb.Service.Unexpected", NbErrorKind.ResourceUnavailable, false)]
    [InlineData(418, "[]", "Nb.Service.Unexpected", NbErrorKind.InvalidArgument, false)]
    public void Every_form_of_an_error_gets_its_id(int status, string body, string id, NbErrorKind kind, bool retryable)
    {
        NbException e = Read(body, status);
        Assert.Equal((id, kind, retryable), (e.ErrorId, e.Kind, e.IsRetryable));
        Assert.Equal(status, e.HttpStatus);
        Assert.NotEmpty(e.Advice);
        Assert.False(e.IsUncertain);
    }

    [Fact]
    public void A_model_that_is_not_found_is_named()
    {
        NbException e = ServiceErrors.From(new ServiceError { Status = 404, Model = "gemini-x", Message = "gone" });
        Assert.Equal("Nb.Service.ModelNotFound", e.ErrorId);
        Assert.Contains("gemini-x", e.Message);
        Assert.Contains("{command:availableModels}", e.Advice);
    }

    [Theory]
    [InlineData("GenerateRequestsPerMinutePerProjectPerModel", "10", "Nb.Service.RateLimited")]
    [InlineData("GenerateRequestsPerMinutePerProjectPerModel", "0", "Nb.Service.QuotaExhausted")]
    [InlineData("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "50", "Nb.Service.QuotaExhausted")]
    public void A_quota_that_refills_is_distinguished_from_one_that_does_not(string quotaId, string value, string id)
    {
        NbException e = Read(Quota.Replace("@ID", quotaId).Replace("@VALUE", value), 429);
        Assert.Equal(id, e.ErrorId);
        Assert.Equal(id == "Nb.Service.RateLimited", e.IsRetryable);
        Assert.Equal(37.363665079, e.RetryAfter!.Value.TotalSeconds, 3);
        Assert.Equal("RESOURCE_EXHAUSTED", e.ServerStatus);
    }

    [Theory]
    [InlineData("* Quota exceeded for metric: x, limit: 0, model: m", "Nb.Service.QuotaExhausted")]
    [InlineData("* Quota exceeded for metric: x, limit: 0.", "Nb.Service.QuotaExhausted")]
    [InlineData("* Quota exceeded for metric: x, limit: 0.5", "Nb.Service.RateLimited")]
    [InlineData("* Quota exceeded for metric: x, limit: 10, model: m", "Nb.Service.RateLimited")]
    [InlineData("limit 'GenerateRequestsPerDayPerProject' of service", "Nb.Service.QuotaExhausted")]
    public void The_kind_of_a_quota_is_recognized_by_the_message_alone(string message, string id) =>
        Assert.Equal(id, Read(JsonSerializer.Serialize(new { error = new { message } }), 429).ErrorId);

    [Theory]
    [InlineData("37.3636s", 37.3636)]
    [InlineData("200ms", 0.2)]
    [InlineData("1h16m0.6s", 4560.6)]
    [InlineData("5m", 300.0)]
    [InlineData("0s", 0.0)]
    [InlineData("99999999999999999999s", 1e11)]
    [InlineData("soon", null)]
    [InlineData("12", null)]
    [InlineData("-3s", null)]
    [InlineData("", null)]
    public void Every_spelling_of_a_duration_is_read(string text, double? seconds)
    {
        TimeSpan? duration = ServiceError.Duration(text);
        if (seconds is 1e11) Assert.True(duration > TimeSpan.FromDays(1e6));
        else Assert.Equal(seconds, duration?.TotalSeconds);
    }

    [Theory]
    [InlineData("Please retry in 37.36s.", 37.36)]
    [InlineData("Please retry in 200ms.", 0.2)]
    [InlineData("please retry after 1h2m3s, thanks", 3723.0)]
    [InlineData("retry in a while", null)]
    public void A_wait_in_the_message_is_read(string message, double? seconds) =>
        Assert.Equal(seconds,
            Read(JsonSerializer.Serialize(new { error = new { message } }), 429).RetryAfter?.TotalSeconds);

    [Fact]
    public async Task The_longest_requested_wait_is_used()
    {
        var time = new FakeTime(TimeSpan.FromHours(1));
        using var inSeconds =
            new HttpResponseMessage((System.Net.HttpStatusCode)503) { Content = new StringContent("") };
        inSeconds.Headers.TryAddWithoutValidation("Retry-After", "12");
        Assert.Equal(12, (await ServiceError.ReadAsync(inSeconds, time, default)).RetryAfter!.Value.TotalSeconds);

        using var atDate = new HttpResponseMessage((System.Net.HttpStatusCode)429)
        {
            Content = new StringContent("""{"error":{"message":"Please retry in 5s"}}"""),
        };
        atDate.Headers.TryAddWithoutValidation("Retry-After", time.GetUtcNow().AddSeconds(90).ToString("R"));
        Assert.Equal(90, (await ServiceError.ReadAsync(atDate, time, default)).RetryAfter!.Value.TotalSeconds);
        // A time that is over, and what is no time, say nothing: the usual pause holds.
        foreach (string said in (string[])["0", "-5", "1e9", "3, 5", "Wed, 21 Oct 2015 07:28:00 GMT"])
        {
            using var over = new HttpResponseMessage((System.Net.HttpStatusCode)429);
            over.Headers.TryAddWithoutValidation("Retry-After", said);
            Assert.Null((await ServiceError.ReadAsync(over, time, default)).RetryAfter);
        }
    }

    [Fact]
    public void A_body_cut_off_still_gives_its_message()
    {
        NbException e =
            Read("""{"error":{"code":429,"message":"Please retry in 9s.","status":"RESOURCE_EXHAUSTED","details":[{"@ty""",
            429);
        Assert.Contains("Please retry in 9s.", e.Message);
        Assert.Equal("RESOURCE_EXHAUSTED", e.ServerStatus);
        Assert.Equal(9, e.RetryAfter!.Value.TotalSeconds);
    }

    [Fact]
    public void An_html_error_gives_its_text_without_tags()
    {
        NbException e =
            Read("<!doctype html>\n<html><style>p{}</style><body><h1>Gateway</h1>\n<p>timed  out</p></body>", 502);
        Assert.Contains("Gateway timed out", e.Message);
        Assert.DoesNotContain("<", e.Message);
        Assert.DoesNotContain("p{}", e.Message);
    }

    [Fact]
    public async Task A_huge_error_body_is_read_in_part()
    {
        using var response = new HttpResponseMessage((System.Net.HttpStatusCode)500)
        {
            Content = new StringContent("{\"error\":{\"message\":\"" + new string('z', 5_000_000) + "\"}}"),
        };
        ServiceError error = await ServiceError.ReadAsync(response, TimeProvider.System, default);
        Assert.InRange(error.Message!.Length, 1, 3000);
    }

    [Fact]
    public void Any_cut_of_any_error_body_still_gives_an_error() => Properties.ForSeeds(random =>
    {
        byte[] whole = Encoding.UTF8.GetBytes(Quota);
        byte[] cut = whole[..random.Next(whole.Length)];
        if (random.Next(3) == 0 && cut.Length > 0) cut[random.Next(cut.Length)] = (byte)random.Next(256);
        NbException e = ServiceErrors.From(ServiceError.Parse(cut, 429));
        Assert.Equal(429, e.HttpStatus);
        Assert.NotEmpty(e.Message);
    });

    [Fact]
    public void Codes_of_batch_results_map_to_the_same_errors()
    {
        NbException rpc =
            ServiceErrors.From(
            ServiceError.FromElement(JsonDocument.Parse("""{"code":14,"message":"x"}""").RootElement));
        NbException http =
            ServiceErrors.From(
            ServiceError.FromElement(JsonDocument.Parse("""{"code":503,"message":"x"}""").RootElement));
        Assert.Equal((503, "Nb.Service.Unavailable"), (rpc.HttpStatus, rpc.ErrorId));
        Assert.Equal((503, "Nb.Service.Unavailable"), (http.HttpStatus, http.ErrorId));
    }

    private static NbException Read(string body, int status) =>
        ServiceErrors.From(ServiceError.Parse(Encoding.UTF8.GetBytes(body), status));
}
