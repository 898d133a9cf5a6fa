using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

/// <summary>The words around references, ours and the user's.</summary>
public sealed class PromptComposerTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Roles_are_labeled_described_and_kept()
    {
        string text =
            PromptComposer.BuiltIn.Compose("walks home",
            [Ref(ReferenceRole.Character, "kael", "a detective"), Ref(ReferenceRole.Style, "noir")], hasSource: false);

        Assert.StartsWith("Image 1 is the character kael: a detective.\nImage 2 is the style noir.\n", text,
            StringComparison.Ordinal);
        Assert.Contains("\nwalks home\n", text, StringComparison.Ordinal);
        Assert.Contains("Keep kael exactly as in image 1: the same face, features", text, StringComparison.Ordinal);
        Assert.Contains("in the style of image 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wording_file_overrides_only_what_it_contains()
    {
        File.WriteAllText(_path, """
            { // German labels
              "label": { "one": "Bild {numbers} ist {what}" },
              "and": " und ",
              "roles": { "Character": { "what": "die Figur {name}" } },
              "sheet": { "views": { "front": "von vorn", "above": "von oben" } },
            }
            """);

        PromptComposer composer = PromptComposer.Load(_path);

        string text = composer.Compose("geht heim", [Ref(ReferenceRole.Character, "kael")], hasSource: false);
        Assert.StartsWith("Bild 1 ist die Figur kael.\n", text, StringComparison.Ordinal);
        Assert.Contains("Keep kael exactly", text, StringComparison.Ordinal);
        Assert.Equal(["front", "side", "back", "three-quarter", "above"], composer.SheetViews);
        Assert.Contains("von vorn", composer.ComposeView("kael", "FRONT"), StringComparison.Ordinal);
        Assert.Contains("from a window", composer.ComposeView("kael", "from a window"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"label\": 7}")]
    [InlineData("{\"roles\": {\"Nobody\": {\"what\": \"x\"}}}")]
    [InlineData("nonsense")]
    public void A_file_of_another_form_is_refused(string text)
    {
        File.WriteAllText(_path, text);

        Assert.Equal("Nb.Composition.Invalid", Assert.Throws<NbException>(() => PromptComposer.Load(_path)).ErrorId);
    }

    private static Reference Ref(ReferenceRole role, string name, string? description = null) => new(
        Picture.FromBlob(Blob.FromBytes(new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 }), $"{name}.jpg"), role, name,
            description);
}
