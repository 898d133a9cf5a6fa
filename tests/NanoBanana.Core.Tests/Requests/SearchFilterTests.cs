using System.Text.Json.Nodes;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Requests;

public sealed class SearchFilterTests
{
    private static readonly ImageRequest Searching = new() { Prompt = "a fox", Grounding = ["web"] };

    [Fact]
    public void A_range_of_time_is_written_inside_the_search_tool()
    {
        JsonNode search = SearchOf(Gemini(), Searching with
        {
            SearchAfter = "2026-11-01", SearchBefore = "2026-11-27T12:30:00+01:00",
        });

        Assert.Equal("""{"timeRangeFilter":{"startTime":"2026-11-01T00:00:00Z","endTime":"2026-11-27T11:30:00Z"}}""",
            search.ToJsonString());
    }

    [Fact]
    public void On_Vertex_domains_are_written_inside_the_search_tool()
    {
        JsonNode search = SearchOf(Vertex(), Searching with { ExcludeDomains = ["a.example", "b.example"] });

        Assert.Equal("""{"excludeDomains":["a.example","b.example"]}""", search.ToJsonString());
    }

    [Fact]
    public void With_both_searches_the_filter_is_written_once()
    {
        JsonNode search = SearchOf(Gemini(), Searching with
        {
            Grounding = ["web", "image"], SearchAfter = "2026-11-01", SearchBefore = "2026-11-02",
        });

        Assert.Equal(["imageSearch", "webSearch"],
            search["searchTypes"]!.AsObject().Select(type => type.Key).Order());
        Assert.NotNull(search["timeRangeFilter"]!["endTime"]);
    }

    [Fact]
    public void Search_filters_change_the_request_hash()
    {
        using ImageService service = Gemini();
        ImageRequest filtered = Searching with { SearchAfter = "2026-11-01", SearchBefore = "2026-11-02" };
        string[] hashes = [.. new[] { Searching, filtered, filtered with { SearchBefore = "2026-11-03" } }
            .Select(request => service.Prepare(request).RequestHash)];

        Assert.Equal(3, hashes.Distinct().Count());
        Assert.Equal(hashes[1], service.Prepare(filtered with { SearchAfter = "2026-11-01T00:00:00Z" }).RequestHash);
    }

    public static TheoryData<ImageRequest, string, string> Wrong() => new()
    {
        { Searching with { SearchAfter = "2026-11-01" }, "gemini", "Nb.Request.HalfRange" },
        { Searching with { SearchBefore = "2026-11-01" }, "gemini", "Nb.Request.HalfRange" },
        { Searching with { SearchAfter = "2026-11-10", SearchBefore = "2026-11-01" }, "gemini",
            "Nb.Request.EmptyRange" },
        { Searching with { SearchAfter = "2026-11-10", SearchBefore = "2026-11-09T23:00:00-01:00" }, "gemini",
            "Nb.Request.EmptyRange" },
        { Searching with { SearchAfter = "spring", SearchBefore = "2026-11-01" }, "gemini", "Nb.Request.NotAMoment" },
        { Searching with { Grounding = null, SearchAfter = "2026-11-01", SearchBefore = "2026-11-02" }, "gemini",
            "Nb.Request.NothingToSearch" },
        { Searching with { SearchAfter = "2026-11-01", SearchBefore = "2026-11-02" }, "vertex",
            "Nb.Request.UnsupportedOption" },
        { Searching with { SearchAfter = "2026-11-01", SearchBefore = "2026-11-02" }, "interactions",
            "Nb.Request.UnsupportedOption" },
        { Searching with { ExcludeDomains = ["a.example"] }, "gemini", "Nb.Request.UnsupportedOption" },
        { Searching with { ExcludeDomains = ["a.example"] }, "interactions", "Nb.Request.UnsupportedOption" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Filters_that_the_service_would_refuse_are_refused(ImageRequest request, string service, string id)
    {
        using ImageService images = service switch
        {
            "vertex" => Vertex(),
            "interactions" => Gemini(ModelApi.Interactions),
            _ => Gemini(),
        };

        Assert.Equal(id, Assert.Throws<NbException>(() => images.Prepare(request)).ErrorId);
    }

    private static JsonNode SearchOf(ImageService service, ImageRequest request)
    {
        using (service)
        {
            string body = service.Client.BodyOf(service.Prepare(request).Call);
            return JsonNode.Parse(body)!["tools"]![0]!["googleSearch"]!;
        }
    }

    private static ImageService Gemini(ModelApi api = ModelApi.GenerateContent) => new(
        new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"),
            new GeminiClientOptions { Api = api }), ModelCatalog.BuiltIn);

    private static ImageService Vertex() => new(new GeminiClient(
        GeminiEndpoint.ForVertex("studio", "global"), GeminiCredential.FromApiKey("test")), ModelCatalog.BuiltIn);
}
