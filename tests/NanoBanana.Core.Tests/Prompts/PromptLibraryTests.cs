using NanoBanana.Prompts;
using NanoBanana.Tests.Gemini;

namespace NanoBanana.Tests.Prompts;

/// <summary>Templates: the module's own, the user's, and what fills them.</summary>
public sealed class PromptLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nb-prompts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("photorealistic", "generate")]
    [InlineData("sticker", "generate")]
    [InlineData("accurate-text", "generate")]
    [InlineData("product-mockup", "generate")]
    [InlineData("negative-space", "generate")]
    [InlineData("sequential-art", "generate")]
    [InlineData("grounded-graphic", "generate")]
    [InlineData("add-element", "edit")]
    [InlineData("remove-element", "edit")]
    [InlineData("inpaint", "edit")]
    [InlineData("style-transfer", "edit")]
    [InlineData("compose", "edit")]
    [InlineData("preserve-detail", "edit")]
    [InlineData("sketch-to-finished", "edit")]
    [InlineData("360-view", "edit")]
    public void Every_built_in_template_needs_only_its_required_slots(string name, string kind)
    {
        PromptTemplate template = PromptLibrary.BuiltIn.Find(name);

        string prompt =
            template.Fill(template.Slots.Where(slot => slot.IsRequired)
            .ToDictionary(slot => slot.Name, slot => $"<{slot.Name}>"));

        Assert.Equal(kind, template.Kind);
        Assert.DoesNotContain('{', prompt);
        Assert.DoesNotContain("  ", prompt, StringComparison.Ordinal);
        Assert.All(template.Slots.Where(slot => slot.IsRequired), slot =>
            Assert.Contains($"<{slot.Name}>", prompt, StringComparison.Ordinal));
        Assert.All(template.Slots, slot => Assert.NotNull(slot.Description));
    }

    [Fact]
    public void A_missing_slot_is_named()
    {
        NbException error =
            Assert.Throws<NbException>(() =>
            PromptLibrary.BuiltIn.Find("inpaint").Fill(new Dictionary<string, string> { ["target"] = "the sofa" }));

        Assert.Equal("Nb.Template.MissingSlot", error.ErrorId);
        Assert.Contains("replacement", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("target", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_without_a_slot_is_named()
    {
        NbException error = Assert.Throws<NbException>(() =>
            PromptLibrary.BuiltIn.Find("inpaint")
                .Fill(new Dictionary<string, string> { ["target"] = "a", ["replacement"] = "b", ["color"] = "red" }));

        Assert.Equal("Nb.Template.UnknownSlot", error.ErrorId);
        Assert.Contains("color", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_fills_a_slot_unchanged() => Properties.ForSeeds(random =>
    {
        string words =
            string.Concat(Enumerable.Range(0, random.Next(1, 12))
            .Select(_ => "{}target replacement$1\\n\"é漢"[random.Next(22)]));
        PromptTemplate template = PromptLibrary.BuiltIn.Find("inpaint");
        if (string.IsNullOrWhiteSpace(words)) return;

        string prompt = template.Fill(new Dictionary<string, string> { ["target"] = words, ["REPLACEMENT"] = words });

        Assert.StartsWith($"In this picture, change only {words.Trim()} into {words.Trim()}.", prompt,
            StringComparison.Ordinal);
    });

    [Fact]
    public void A_folder_adds_templates_and_overrides_built_in_ones()
    {
        File.WriteAllText(Path.Combine(_folder, "a.json"),
            """{"name": "postcard", "text": ["A postcard of {town}.", "{greeting}."], "slots": [{"name": "greeting", "default": ""}]}""");
        File.WriteAllText(Path.Combine(_folder, "b.json"),
            """{"templates": [{"name": "Sticker", "kind": "generate", "text": ["Just a {thing}."]}]}""");

        PromptLibrary library = PromptLibrary.Load(_folder);

        Assert.Equal("A postcard of Bern.",
            library.Find("postcard").Fill(new Dictionary<string, string> { ["town"] = "Bern." }));
        Assert.Equal("Just a kite.",
            library.Find("sticker").Fill(new Dictionary<string, string> { ["thing"] = "kite" }));
        Assert.Equal(PromptLibrary.BuiltIn.Templates.Count + 1, library.Templates.Count);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\": \"x\"}")]
    [InlineData("{\"templates\": [7]}")]
    [InlineData("[")]
    public void A_file_of_another_form_is_refused(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "a.json"), text);

        Assert.Equal("Nb.Template.Invalid", Assert.Throws<NbException>(() => PromptLibrary.Load(_folder)).ErrorId);
    }

    [Fact]
    public void A_missing_folder_adds_no_templates() =>
        Assert.Same(PromptLibrary.BuiltIn, PromptLibrary.Load(Path.Combine(_folder, "none")));
}
