using NanoBanana.Gemini.Http;
using System.Text;

namespace NanoBanana.Tests.Gemini;

/// <summary>Errors as gateways hand them on: the innermost words, the real code, and advice that fits.</summary>
public sealed class ErrorShapeTests
{
    private const string Inner =
        """{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}]}}""";

    public static TheoryData<int, string> Wrapped() => new()
    {
        { 500, $$$$"""{"error":{"message":{{{{Inner}}}}}}""" },
        { 502, $$$$"""{"error":{"message":{{{{Quoted(Inner)}}}},"type":"upstream_error","code":502}}""" },
        { 500, $$$$"""{"error":{"message":{{{{Quoted("VertexAIException - " + Inner + " Received")}}}},"type":null,"param":null,"code":"500"}}""" },
        { 200, $$$$"""{"error":{"code":502,"message":"Provider returned error","metadata":{"raw":{{{{Quoted(Inner)}}}},"provider_name":"Google"}}}""" },
        { 400, $$$$"""{"detail":{{{{Quoted(Inner)}}}}}""" },
        { 500, $$$$"""{"detail":{{{{Inner}}}}}""" },
        { 500, $$$$"""{"errors":[{{{{Inner}}}}]}""" },
        { 500, $$$$"""[[{{{{Inner}}}}]]""" },
        { 500, Quoted(Inner) },
        { 500, $$$$"""{"error":{{{{Quoted("b'" + Inner.Replace(",", ",\\n", StringComparison.Ordinal) + "'")}}}}}""" },
    };

    [Theory]
    [MemberData(nameof(Wrapped))]
    public void The_innermost_error_is_reported(int status, string body)
    {
        ServiceError error = ServiceError.Parse(Encoding.UTF8.GetBytes(body), status);
        NbException e = ServiceErrors.From(error);
        Assert.Equal(("Nb.Service.RateLimited", 429), (e.ErrorId, e.HttpStatus));
        Assert.Equal("Too many requests: You exceeded your current quota.", e.Message);
        Assert.Equal(TimeSpan.FromSeconds(37), e.RetryAfter);
        Assert.True(error.IsOwn);
    }

    [Theory]
    [InlineData("""{"detail":"the words"}""")]
    [InlineData("""{"detail":[{"loc":["body"],"msg":"the words","type":"value_error"}]}""")]
    [InlineData("""{"errors":[{"message":"the words"}]}""")]
    [InlineData("""{"errors":["the words"]}""")]
    [InlineData("""{"message":"the words"}""")]
    [InlineData("""{"timestamp":1,"status":400,"error":"Bad Request","message":"the words","path":"/x"}""")]
    [InlineData("""{"error":"invalid","error_description":"the words"}""")]
    [InlineData("""{"fault":{"faultstring":"the words","detail":{"errorcode":"x"}}}""")]
    [InlineData("""{"error":{"message":"Provider returned error","metadata":{"raw":"the words"}}}""")]
    [InlineData("""{"error":{"message":{"message":"the words"}}}""")]
    public void The_message_of_every_form_of_error_is_found(string body) =>
        Assert.EndsWith(": the words",
            ServiceErrors.From(ServiceError.Parse(Encoding.UTF8.GetBytes(body), 400)).Message);

    [Theory]
    [InlineData(500, """{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}""",
        "Nb.Service.BadKey")]
    [InlineData(500, """{"error":{"message":"Slow down","type":"rate_limit_error"}}""", "Nb.Service.RateLimited")]
    [InlineData(500, """{"error":{"message":"x","status":"RESOURCE_EXHAUSTED"}}""", "Nb.Service.RateLimited")]
    [InlineData(500, """{"error":{"code":8,"message":"x"}}""", "Nb.Service.RateLimited")]
    [InlineData(502, """{"error":{"code":"429","message":"x"}}""", "Nb.Service.RateLimited")]
    [InlineData(400, """{"error":{"code":1001,"message":"x"}}""", "Nb.Service.InvalidRequest")]
    public void The_innermost_code_decides_the_id(int status, string body, string id) =>
        Assert.Equal(id, ServiceErrors.From(ServiceError.Parse(Encoding.UTF8.GetBytes(body), status)).ErrorId);

    [Theory]
    [InlineData(403, "Your API key was reported as leaked. Please use another API key.", "Nb.Service.KeyLeaked",
        "published|open")]
    [InlineData(403,
        "Permission denied: Consumer 'api_key:AIzaSyTESTTESTTESTTESTTESTTESTTESTTEST9' has been suspended.",
        "Nb.Service.ProjectSuspended", "project")]
    [InlineData(403, "Consumer 'projects/123' has been suspended.", "Nb.Service.ProjectSuspended", "project")]
    [InlineData(403, "This API method requires billing to be enabled. Please enable billing on project #1",
        "Nb.Service.BillingStopped", "billing")]
    [InlineData(429, "Your prepayment credits are depleted. Please go to AI EmulatorFixture.",
        "Nb.Service.BillingStopped", "credits")]
    [InlineData(429, "Your project has exceeded its monthly spending cap.", "Nb.Service.BillingStopped", "cap")]
    [InlineData(403, "The billing account for the owning project is disabled in state delinquent",
        "Nb.Service.BillingStopped", "billing")]
    [InlineData(429, "You exceeded your current quota, please check your plan and billing details.",
        "Nb.Service.RateLimited", "Wait")]
    [InlineData(429,
        "* Quota exceeded for metric: generativelanguage.googleapis.com/file_storage_bytes, limit: 21474836480",
        "Nb.Service.StorageFull", "noUpload")]
    [InlineData(400, "You have exceeded your file storage quota. Please delete some files.", "Nb.Service.StorageFull",
        "delete")]
    [InlineData(400, "Unable to process input image. Please retry or report in https://x",
        "Nb.Service.InputImageRejected", "reference")]
    [InlineData(500, "Unable to process input image.", "Nb.Service.InputImageRejected", "reference")]
    [InlineData(400, "User location is not supported for the API use without a billing account linked.",
        "Nb.Service.LocationUnsupported", "Vertex")]
    [InlineData(400, "API key expired. Please renew the API key.", "Nb.Service.BadKey", "aistudio")]
    public void Errors_of_the_account_have_their_own_advice(int status, string words, string id, string advice)
    {
        NbException e = ServiceErrors.From(ServiceError.Parse(
            Encoding.UTF8.GetBytes($$$"""{"error":{"code":{{{status}}},"message":{{{Quoted(words)}}},"status":"X"}}"""),
                status));
        Assert.Equal(id, e.ErrorId);
        Assert.Matches(advice, e.Advice);
        Assert.DoesNotContain("AIza", e.Message);
    }

    [Fact]
    public void A_model_missing_on_Vertex_may_be_in_another_location()
    {
        NbException e =
            ServiceErrors.From(
            new ServiceError { Status = 404, Model = "m", IsVertex = true, IsOwn = true,
            Message = "Publisher Model m was not found" });
        Assert.Equal("Nb.Service.ModelNotFound", e.ErrorId);
        Assert.Contains("{way:connectToLocation|<id>|global}", e.Advice);
    }

    [Fact]
    public void Errors_of_the_key_say_which_variable_it_came_from()
    {
        NbException e =
            ServiceErrors.From(
            new ServiceError { Status = 401,
            CredentialNote = "The key was taken from GOOGLE_API_KEY, which wins over GEMINI_API_KEY." });
        Assert.Contains("GOOGLE_API_KEY, which wins over GEMINI_API_KEY", e.Advice);
    }

    [Fact]
    public void Broken_characters_in_an_error_do_not_throw() => Assert.Equal(
        "Nb.Service.InvalidRequest", ServiceErrors.From(
        ServiceError.Parse([.. """{"error":{"message":"a\ud800"""u8, 0xFF, .. "b\"}}"u8], 400)).ErrorId);

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
