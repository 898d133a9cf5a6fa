using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NanoBanana.Batches.Manifests;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Tests.Gemini;

namespace NanoBanana.Tests.Requests;

public sealed class RequestOptionTableTests
{
    private static readonly RequestBuilder Builder =
        new(ModelCatalog.BuiltIn, PromptComposer.BuiltIn, TimeProvider.System);

    public static TheoryData<string> Names => [.. RequestOptionTable.All.Select(option => option.Name)];

    [Fact]
    public void Every_property_of_the_options_has_its_own_entry_in_the_table()
    {
        Assert.Equal(typeof(RequestOptions).GetProperties().Select(property => property.Name).Order(),
            RequestOptionTable.All.Select(option => char.ToUpperInvariant(option.Name[0]) + option.Name[1..]).Order());
        foreach (RequestOption option in RequestOptionTable.All)
        {
            RequestOptions set = option.With(new RequestOptions(), Sample(option.Kind));
            Assert.Equal([option], RequestOptionTable.All.Where(other => other.Of(set) is not null));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_option_survives_a_round_trip_through_a_manifest(string name)
    {
        RequestOption option = RequestOptionTable.All.Single(option => option.Name == name);
        using var folder = new TemporaryFolder();
        var item = option.With(new ManifestItem { Name = "fox", Prompt = "a fox" }, Sample(option.Kind));
        var manifest = new Manifest { BaseFolder = folder.Path, Items = [item] };
        using (FileStream stream = File.Create(folder["batch.json"]))
        {
            new ManifestWriter(manifest, folder.Path, new PictureLibrary(manifest, null)).Write(stream);
        }
        ManifestItem read = Manifest.Load(folder["batch.json"]).Items.Single();
        Assert.Equal(option.Of(item), option.Of(read));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cell_of_a_table_sets_an_option_as_a_manifest_does(string name)
    {
        RequestOption option = RequestOptionTable.All.Single(option => option.Name == name);
        string cell = option.Kind switch
        {
            OptionKind.Flag => "true",
            OptionKind.Number => "7",
            OptionKind.Fraction => "0.85",
            OptionKind.Pairs => "team=art",
            _ => "word",
        };
        (ManifestItem row, _) = Manifest.ReadRow([KeyValuePair.Create(name.ToUpperInvariant(), (object?)cell)]);
        Assert.Equal(Sample(option.Kind), option.Of(row));
    }

    [Theory]
    [InlineData("nb2", "maps", "'maps'", "web, image")]
    [InlineData("nb2", "webb", "'webb'", "Did you mean 'web'?")]
    [InlineData("nb-pro", "image", "'image'", "web")]
    [InlineData("some-model", "maps", "'maps'", "web, image")]
    public void A_tool_that_would_not_be_sent_is_refused_by_name(string model, string tool, string said, string near)
    {
        NbException e = Assert.Throws<NbException>(() =>
            Builder.Build(new ImageRequest { Prompt = "a fox", Model = model, Grounding = ["web", tool] }));
        Assert.Equal("Nb.Request.UnsupportedGrounding", e.ErrorId);
        Assert.Contains(said, e.Message);
        Assert.Contains(near, e.Message + e.Advice);
    }

    [Fact]
    public void A_new_size_ratio_and_tool_need_the_catalog_only()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["mine.json"], """
            {
              "tools": {"maps": {"wire": {"generateContent": {"googleMaps": {"x": 1}}}}},
              "models": [{
                "id": "gemini-9-image", "name": "Nine", "sizes": ["1K", "8K"], "ratios": ["1:1", "32:9"],
                "grounding": ["web", "image", "maps"]
              }]
            }
            """);
        var builder =
            new RequestBuilder(ModelCatalog.Load(folder["mine.json"]), PromptComposer.BuiltIn, TimeProvider.System);
        var request =
            new ImageRequest { Prompt = "a fox", Model = "gemini-9-image", Size = "8k", AspectRatio = "32:9" };

        PreparedRequest prepared = builder.Build(request with { Grounding = ["maps", "image", "web"] });

        JsonNode body = RequestText.Of(prepared.Call);
        Assert.Equal("""{"aspectRatio":"32:9","imageSize":"8K"}""",
            body["generationConfig"]!["imageConfig"]!.ToJsonString());
        Assert.Equal(
            """[{"googleSearch":{"searchTypes":{"webSearch":{},"imageSearch":{}}}},{"googleMaps":{"x":1}}]""",
            body["tools"]!.ToJsonString());
        Assert.NotEqual(builder.Build(request with { Grounding = ["image", "web"] }).RequestHash, prepared.RequestHash);
    }

    [Fact]
    public void A_catalog_with_a_tool_that_nothing_describes_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["mine.json"], """{"models": [{"id": "gemini-3-pro-image", "grounding": ["maps"]}]}""");
        NbException e = Assert.Throws<NbException>(() => ModelCatalog.Load(folder["mine.json"]));
        Assert.Equal("Nb.Catalog.Invalid", e.ErrorId);
        Assert.Contains("'maps'", e.Message);
    }

    [Fact]
    public void Unchanged_options_are_written_where_the_service_reads_them()
    {
        var request = new ImageRequest
        {
            Prompt = "a fox", ServiceTier = "Flex", MediaResolution = "HIGH", Store = false, Size = "2K",
        };
        JsonNode body = RequestText.Of(Builder.Build(request).Call);
        Assert.Equal("flex", (string?)body["serviceTier"]);
        Assert.Equal("MEDIA_RESOLUTION_HIGH", (string?)body["generationConfig"]!["mediaResolution"]);
        Assert.False((bool?)body["store"]);
        Assert.Null(RequestText.Of(Builder.Build(request with { Store = true }).Call)["store"]);
    }

    [Fact]
    public void Labels_are_refused_outside_Vertex()
    {
        var request = new ImageRequest { Prompt = "a fox", Labels = Labels };
        NbException e = Assert.Throws<NbException>(() => Builder.Build(request));
        Assert.Equal("Nb.Request.UnsupportedOption", e.ErrorId);
        Assert.Contains("{option:labels}", e.Advice);
        var vertex =
            new RequestBuilder(ModelCatalog.BuiltIn, PromptComposer.BuiltIn, TimeProvider.System, isVertex: true);
        Assert.Equal("""{"team":"art"}""", RequestText.Of(vertex.Build(request).Call)["labels"]!.ToJsonString());
    }

    [Theory]
    [InlineData("nb2", "flx", "Did you mean 'flex'?")]
    [InlineData("nb", "flex", "does not take 'serviceTier'")]
    public void A_tier_that_the_model_lacks_is_refused(string model, string tier, string said)
    {
        NbException e = Assert.Throws<NbException>(() =>
            Builder.Build(new ImageRequest { Prompt = "a fox", Model = model, ServiceTier = tier }));
        Assert.Equal("Nb.Request.UnsupportedOption", e.ErrorId);
        Assert.Contains(said, $"{e.Message} {e.Advice}");
    }

    [Fact]
    public void Only_what_changes_the_image_changes_the_hash()
    {
        var fox = new ImageRequest { Prompt = "a fox" };
        string hash = Builder.Build(fox).RequestHash;
        Assert.Equal(hash, Builder.Build(fox with { ServiceTier = "flex", Store = false }).RequestHash);
        Assert.NotEqual(hash, Builder.Build(fox with { MediaResolution = "low" }).RequestHash);
    }

    [Theory]
    [InlineData("noStore", true)]
    [InlineData("tier", true)]
    [InlineData("tools", true)]
    [InlineData("score", false)]
    [InlineData("label", false)]
    public void A_near_miss_of_an_option_is_refused_but_a_users_own_column_is_not(string column, bool isRefused)
    {
        var row = new Dictionary<string, object?> { ["prompt"] = "a fox", [column] = "x" };
        if (isRefused) Assert.Throws<NbException>(() => Manifest.ReadRow(row));
        else Assert.Contains($"'{column}'", Assert.Single(Manifest.ReadRow(row).Warnings));
    }

    private static ImmutableSortedDictionary<string, string> Labels =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("team", "art");

    private static object Sample(OptionKind kind) => kind switch
    {
        OptionKind.Text => "word",
        OptionKind.Texts => ImmutableArray.Create("word"),
        OptionKind.Flag => true,
        OptionKind.Number => 7,
        OptionKind.Fraction => 0.85,
        _ => Labels,
    };
}
