using System.Text.Json;
using NanoBanana.Images;

namespace NanoBanana.Tests.Images;

public sealed class GroundingTests
{
    private static Grounding Read(string json) => Grounding.From(JsonDocument.Parse(json).RootElement);

    [Fact]
    public void Pages_images_and_queries_are_distinguished()
    {
        Grounding grounding = Read("""
            {
              "webSearchQueries": ["fox habitat"],
              "imageSearchQueries": ["arctic fox"],
              "searchEntryPoint": { "renderedContent": "<b>fox</b>" },
              "groundingChunks": [
                { "web": { "uri": "https://example.com/a", "title": "Foxes" } },
                { "image": { "sourceUri": "https://example.com/b", "imageUri": "https://example.com/b.jpg", "title": "Arctic" } }
              ]
            }
            """);
        Assert.Equal(
            [new GroundingSource("Foxes", "https://example.com/a", null),
                new GroundingSource("Arctic", "https://example.com/b", "https://example.com/b.jpg")],
            grounding.Sources.ToArray());
        Assert.Equal(["fox habitat"], grounding.WebQueries.ToArray());
        Assert.Equal(["arctic fox"], grounding.ImageQueries.ToArray());
        Assert.Equal("<b>fox</b>", grounding.SearchEntryPoint);
        Assert.Equal("2 sources: fox habitat, arctic fox", grounding.ToString());
    }

    [Theory]
    [InlineData("{}", "no source")]
    [InlineData("""{ "groundingChunks": [{ "web": { "uri": "https://example.com/a" } }] }""", "1 source")]
    [InlineData("""{ "groundingChunks": [7, {}, null], "webSearchQueries": [null, "fox"] }""", "no source: fox")]
    public void Missing_or_invalid_grounding_is_ignored(string json, string line) =>
        Assert.Equal(line, Read(json).ToString());
}
