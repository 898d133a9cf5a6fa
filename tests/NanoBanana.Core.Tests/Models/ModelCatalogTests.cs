using NanoBanana.Models;

namespace NanoBanana.Tests.Models;

public sealed class ModelCatalogTests
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    [Theory]
    [InlineData("nb2", "gemini-nano-banana-2.1")]
    [InlineData("NB2.1", "gemini-nano-banana-2.1")]
    [InlineData("nb2-3.1", "gemini-3.1-flash-image")]
    [InlineData("draft", "gemini-3.1-flash-lite-image")]
    [InlineData("final", "gemini-3-pro-image")]
    [InlineData("nb", "gemini-2.5-flash-image")]
    [InlineData("Gemini-3-Pro-Image", "gemini-3-pro-image")]
    [InlineData("nano-banana-2.1", "gemini-nano-banana-2.1")]
    public void Aliases_resolve_to_ids(string name, string id) =>
        Assert.Equal(id, ModelCatalog.BuiltIn.Resolve(name, Today).Id);

    [Theory]
    [InlineData("nb2-3.1", "512 $0.045, 1K $0.067, 2K $0.101, 4K $0.151")]
    [InlineData("nb", "1K $0.039")]
    public void Prices_are_shown_on_one_line(string name, string line) =>
        Assert.Equal(line, ModelCatalog.BuiltIn.Resolve(name, Today).Prices?.ToString());

    [Fact]
    public void A_retirement_is_shown_on_one_line() => Assert.Equal(
        "off on 2026-10-02, not confirmed by Google, replaced by gemini-nano-banana-2.1",
        ModelCatalog.BuiltIn.Resolve("nb", Today).Retirement?.ToString());

    [Fact]
    public void Limits_and_thinking_are_shown_on_one_line()
    {
        ModelInfo model = ModelCatalog.BuiltIn.Resolve("nb", Today);
        Assert.Equal("14 in all, 3 advised", model.References?.ToString());
        Assert.Equal("", model.Thinking?.ToString());
        Assert.Equal("always", ModelCatalog.BuiltIn.Resolve("final", Today).Thinking?.ToString());
    }

    [Fact]
    public void A_missing_name_selects_the_default_model() =>
        Assert.Equal("gemini-nano-banana-2.1", ModelCatalog.BuiltIn.Resolve(null, Today).Id);

    [Fact]
    public void An_unknown_id_is_passed_through_unchecked()
    {
        ModelInfo model = ModelCatalog.BuiltIn.Resolve("gemini-9-image", Today);
        Assert.False(model.IsKnown);
        Assert.Equal("gemini-9-image", model.Id);
        Assert.True(model.SizeParameter);
    }

    [Fact]
    public void A_retired_id_names_its_replacement()
    {
        NbException e =
            Assert.Throws<NbException>(() => ModelCatalog.BuiltIn.Resolve("gemini-3-pro-image-preview", Today));
        Assert.Equal("Nb.Request.RetiredModel", e.ErrorId);
        Assert.Contains("gemini-3-pro-image", e.Advice);
    }

    [Fact]
    public void An_unconfirmed_shutdown_does_not_retire_a_model() =>
        Assert.Equal("deprecated", ModelCatalog.BuiltIn.Resolve("gemini-3.1-flash-image", Today).State);

    [Theory]
    [InlineData("gemini-nano-banana-2.1", "16:9", "2K", 2752, 1536)]
    [InlineData("gemini-3.1-flash-image", "21:9", "512", 792, 168)]
    [InlineData("gemini-3-pro-image", "9:16", "4K", 3072, 5504)]
    [InlineData("gemini-2.5-flash-image", "21:9", "1K", 1536, 672)]
    public void Pixels_come_from_the_tables(string id, string ratio, string size, int width, int height) =>
        Assert.Equal(new PixelSize(width, height),
            ModelCatalog.BuiltIn.PixelsOf(ModelCatalog.BuiltIn.Find(id)!, ratio, size));

    [Fact]
    public void Every_living_model_has_a_price_and_pixels_for_every_size_and_ratio()
    {
        foreach (ModelInfo model in ModelCatalog.BuiltIn.Models.Where(model => !model.IsRetiredOn(Today)))
        {
            Assert.NotEmpty(model.Sizes);
            foreach (string size in model.Sizes)
            {
                Assert.True(model.Prices!.Images.ContainsKey(size), $"{model.Id} has no price of {size}");
                foreach (string ratio in model.Ratios)
                {
                    Assert.NotNull(ModelCatalog.BuiltIn.PixelsOf(model, ratio, size));
                }
            }
        }
    }

    [Fact]
    public void A_users_file_overrides_and_extends_the_catalog()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["mine.json"], """
            {
              // Prices of a contract of ours, and a model of tomorrow.
              "defaultModel": "gemini-9-image",
              "models": [
                {"id": "gemini-3-pro-image", "prices": {"images": {"1K": {"usd": 0.1, "tokens": 1120}}}},
                {"id": "gemini-9-image", "name": "Nine", "aliases": ["nb2"], "sizes": ["1K"]},
              ]
            }
            """);

        ModelCatalog catalog = ModelCatalog.Load(folder["mine.json"]);

        Assert.Equal("gemini-9-image", catalog.Resolve("nb2", Today).Id);
        Assert.Equal("stable", catalog.Find("gemini-9-image")!.State);
        ModelInfo pro = catalog.Find("nb-pro")!;
        Assert.Equal(0.1m, pro.Prices!.Images["1K"].Usd);
        Assert.Equal(0.24m, pro.Prices.Images["4K"].Usd);
        Assert.Equal(0.134m, ModelCatalog.BuiltIn.Find("nb-pro")!.Prices!.Images["1K"].Usd);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"models":[{"name":"no id"}]}""")]
    [InlineData("""{"models":[{"id":"x"}]}""")]
    [InlineData("""{"models":7}""")]
    [InlineData("""{"defaultModel":null}""")]
    public void A_file_that_is_not_a_catalog_is_named(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.json"], json);
        NbException e = Assert.Throws<NbException>(() => ModelCatalog.Load(folder["bad.json"]));
        Assert.Equal("Nb.Catalog.Invalid", e.ErrorId);
        Assert.Contains("bad.json", e.Message);
    }
}
