using NanoBanana.Batches.Manifests;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

/// <summary>What would be paid for and is not what was meant.</summary>
public sealed class OddInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nano-banana-pro", "gemini-3-pro-image")]
    [InlineData("Nano Banana Pro", "gemini-3-pro-image")]
    [InlineData("models/gemini-3-pro-image", "gemini-3-pro-image")]
    [InlineData("google/gemini-2.5-flash-image", "gemini-2.5-flash-image")]
    [InlineData("models/gemini-9", "gemini-9")]
    public void A_model_is_found_by_its_other_names(string name, string id) =>
        Assert.Equal(id, ModelCatalog.BuiltIn.Resolve(name, new DateOnly(2026, 10, 1)).Id);

    [Theory]
    [InlineData("m.yaml", "items:\n  - name: fox\n", "YAML")]
    [InlineData("m.json", "- name: fox\n  prompt: a fox\n", "YAML")]
    [InlineData("m.csv", "name,prompt\nfox,a fox\n", "{way:runTable|m.csv}")]
    [InlineData("m.json", "name;prompt\nfox;a fox\n", "{way:readSemicolons}")]
    [InlineData("m.json", "sep=;\nname;prompt\n", "sep=")]
    [InlineData("m.json", "{\"items\": [}", "Correct the manifest there")]
    public void A_file_in_another_format_than_json_is_named_with_advice(string name, string text, string advice)
    {
        string path = _folder[name];
        File.WriteAllText(path, text);
        NbException error = Assert.Throws<NbException>(() => Manifest.Load(path));
        Assert.Equal("Nb.Manifest.InvalidJson", error.ErrorId);
        Assert.Contains(advice, error.Message + error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_with_broken_characters_is_refused()
    {
        NbException error = Assert.Throws<NbException>(() => Manifest.FromObjects(
            [[KeyValuePair.Create("name", (object?)"x"), KeyValuePair.Create("prompt", (object?)"caf\uFFFD")]],
                _folder.Path));
        Assert.Contains("Nb.Manifest.BrokenText", error.ErrorId + error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_limits_the_history_that_is_sent()
    {
        (ManifestItem item, _) =
            Manifest.ReadRow(
            [KeyValuePair.Create("max_history", (object?)"4"), KeyValuePair.Create("mine", (object?)1)]);
        Assert.Equal(4, item.MaxHistory);
    }

    [Fact]
    public void No_two_pictures_of_a_conversation_have_one_label()
    {
        Assert.StartsWith("Image 4 is the character kael", PromptComposer.BuiltIn.Compose(
            "walks home",
                [new Reference(Picture.FromBlob(Blob.FromBytes(Pixel), "kael"), ReferenceRole.Character, "kael")],
                hasSource: false, number: 4), StringComparison.Ordinal);
    }

    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}
