using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

public sealed class ModelListTests
{
    private const string Overloaded = """{"error":{"message":"overloaded"}}""";

    [Fact]
    public async Task Models_are_listed_page_by_page_to_the_end()
    {
        var handler = new ScriptedHandler(
            Json("""{"models":[{"name":"models/a","displayName":"A","inputTokenLimit":"65536","supportedGenerationMethods":["generateContent"]},{}],"nextPageToken":"t/1="}"""),
            Json(Overloaded, 503),
            Json("""{"models":[{"name":"models/b"}]}"""));
        List<GeminiModel> models = await Free.Client(handler).ListModelsAsync().ToListAsync();

        Assert.Equal(["a", "b"], models.Select(model => model.Id));
        Assert.Equal(65536, models[0].InputTokenLimit);
        Assert.Equal("generateContent", Assert.Single(models[0].Methods));
        Assert.Equal("?pageSize=100&pageToken=t%2F1%3D", handler.Requests[2].Uri.Query);
    }

    [Fact]
    public async Task A_service_without_models_gives_none() =>
        Assert.Empty(await Free.Client(new ScriptedHandler(Json("{}"))).ListModelsAsync().ToListAsync());

    [Fact]
    public async Task One_model_is_asked_for()
    {
        var handler =
            new ScriptedHandler(Json("""{"name":"models/gemini-x"}"""),
            Json("""{"error":{"code":404,"message":"gone"}}""", 404));
        using GeminiClient client = Free.Client(handler);
        Assert.Equal("gemini-x", (await client.GetModelAsync("gemini-x")).Id);
        Assert.Equal("/v1/models/gemini-x", handler.Requests[0].Uri.AbsolutePath);
        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GetModelAsync("gemini-y"));
        Assert.Equal("Nb.Service.ModelNotFound", e.ErrorId);
    }

    [Fact]
    public async Task Vertex_lists_its_publishers_models()
    {
        var handler = new ScriptedHandler(Json("""{"publisherModels":[{"name":"publishers/google/models/v"}]}"""));
        using var client =
            new GeminiClient(GeminiEndpoint.ForVertex("p", "global"), GeminiCredential.None, handler: handler);
        Assert.Equal("v", Assert.Single(await client.ListModelsAsync().ToListAsync()).Id);
    }

    [Fact]
    public async Task A_lost_connection_of_a_free_call_is_tried_again()
    {
        var handler = new ScriptedHandler(
            Fails(new HttpRequestException(HttpRequestError.ResponseEnded, "ended")), Broken("{\"models\":"),
                Json("{}"));
        Assert.Empty(await Free.Client(handler).ListModelsAsync().ToListAsync());
        Assert.Equal(3, handler.Requests.Count);
    }

    [Fact]
    public async Task A_free_call_answered_by_a_proxy_is_never_uncertain()
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            async () => await Free.Client(new ScriptedHandler(Json("<html>"))).ListModelsAsync().ToListAsync());
        Assert.Equal(("Nb.Answer.Malformed", false), (e.ErrorId, e.IsUncertain));
    }
}
