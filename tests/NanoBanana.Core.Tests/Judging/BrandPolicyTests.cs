using NanoBanana.Judging;

namespace NanoBanana.Tests.Judging;

/// <summary>A gate that is misspelled would stand open: what is not understood is refused.</summary>
public sealed class BrandPolicyTests
{
    // One pixel.
    private const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Theory]
    [InlineData("""{"colrs":["#ff0000"]}""", "Nb.Policy.UnknownKey", "'colors'")]
    [InlineData("""{"safeAreas":[{"x":0,"y":0,"width":1,"hight":1}]}""", "Nb.Policy.UnknownKey", "'height'")]
    [InlineData("""{"colors":["red"]}""", "Nb.Policy.Invalid", "#rrggbb")]
    [InlineData("""{"minimumScore":85}""", "Nb.Policy.Invalid", "0 to 1")]
    [InlineData("""{"forbiddenWords":"sale"}""", "Nb.Policy.Invalid", "list")]
    [InlineData("""{"aspectRatio":"wide"}""", "Nb.Policy.Invalid", "16:9")]
    [InlineData("""{"transparency":"yes"}""", "Nb.Policy.Invalid", "required")]
    [InlineData("""{"safeAreas":[{"x":0.5,"y":0,"width":0.6,"height":1}]}""", "Nb.Policy.Invalid", "inside")]
    [InlineData("""{"logo":"logo.png"}""", "Nb.Policy.Invalid", "logo.png")]
    [InlineData("""{"name":"Acme"}""", "Nb.Policy.Invalid", "no gate")]
    [InlineData("{}", "Nb.Policy.Invalid", "no gate")]
    [InlineData("[]", "Nb.Policy.Invalid", "object")]
    [InlineData("no JSON", "Nb.Policy.Invalid", "line 1")]
    [InlineData("{", "Nb.Policy.Invalid", "")]
    public void Unknown_keys_are_refused_by_name(string json, string id, string hint)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "brand.json");
        File.WriteAllText(path, json);

        NbException error = Assert.Throws<NbException>(() => BrandPolicy.Load(path));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_logo_is_no_link_to_elsewhere_and_a_folders_own_policy_names_none_outside()
    {
        using var folder = new TemporaryFolder();
        string theirs = Directory.CreateDirectory(folder["theirs"]).FullName;
        string path = Path.Combine(theirs, "brand.json");
        File.WriteAllBytes(folder["mine.png"], Convert.FromBase64String(Png));
        File.WriteAllText(path, """{"logo":"../mine.png"}""");
        Assert.Single(BrandPolicy.Load(path).LogoPictures);
        Assert.Equal("Nb.File.Outside",
            Assert.Throws<NbException>(() => BrandPolicy.Load(path, within: theirs)).ErrorId);
        // A policy that lies elsewhere came from elsewhere.
        Assert.Single(BrandPolicy.Load(path, within: folder["other"]).LogoPictures);
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(Path.Combine(theirs, "logo.png"), folder["mine.png"]);
        File.WriteAllText(path, """{"logo":"logo.png"}""");
        Assert.Equal("Nb.File.Outside", Assert.Throws<NbException>(() => BrandPolicy.Load(path)).ErrorId);
    }

    [Fact]
    public void Every_field_of_a_policy_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "brand.json");
        File.WriteAllText(path, """
            {
              "name": "Acme", "minimumScore": 0.9, "colors": ["#FF8000"], "colorDistance": 0.2, "forbiddenWords": ["sale"],
              "forbiddenThings": ["a gun"], "safeAreas": [{"name": "headline", "x": 0, "y": 0, "width": 1, "height": 0.25, "calm": 0.8}],
              "textColor": "#ffffff", "maximumBytes": 800000, "minimumWidth": 1000, "aspectRatio": "16:9", "transparency": "none"
            }
            """);

        BrandPolicy policy = BrandPolicy.Load(path);

        Assert.Equal(("Acme", 0.9, "#ff8000", 0.2),
            (policy.Name, policy.MinimumScore, policy.Colors[0], policy.ColorDistance));
        SafeArea area = Assert.Single(policy.SafeAreas);
        Assert.Equal(("headline", 0.8, 4.5), (area.Name, area.Calm, area.Contrast));
        Assert.Equal((800_000L, 1000, "16:9", "none"),
            (policy.MaximumBytes, policy.MinimumWidth, policy.AspectRatio, policy.Transparency));
        Assert.True(policy.NeedsJudge);
    }
}
