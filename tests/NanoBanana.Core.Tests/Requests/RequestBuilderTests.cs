using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

public sealed class RequestBuilderTests
{
    private static readonly RequestBuilder Builder =
        new(ModelCatalog.BuiltIn, PromptComposer.BuiltIn, TimeProvider.System);

    [Theory]
    [InlineData("8K", null, "nb2", "Nb.Request.UnsupportedSize", "2K")]
    [InlineData("512", null, "nb2", "Nb.Request.UnsupportedSize", "1K, 2K, 4K")]
    [InlineData("2K", null, "nb", "Nb.Request.UnsupportedSize", "1K")]
    [InlineData(null, "1:8", "nb-pro", "Nb.Request.UnsupportedRatio", "21:9")]
    [InlineData(null, "16x9", "nb2", "Nb.Request.UnsupportedRatio", "16:9")]
    public void An_unsupported_option_is_refused_with_the_supported_ones(
        string? size, string? ratio, string model, string id,
        string has)
    {
        NbException e = Refused(new ImageRequest { Prompt = "a fox", Size = size, AspectRatio = ratio, Model = model });
        Assert.Equal(id, e.ErrorId);
        Assert.Contains(has, e.Message);
    }

    [Fact]
    public void Values_are_accepted_in_any_case_and_sent_in_the_services_spelling()
    {
        GenerateCall call =
            Builder.Build(
            new ImageRequest { Prompt = "a fox", Size = "2k", ThinkingLevel = "HIGH", Model = "nb2" }).Call;
        Assert.Equal(("2K", "high"), (call.ImageSize, call.ThinkingLevel));
    }

    [Theory]
    [InlineData("high", "nb-pro", "Nb.Request.UnsupportedThinkingLevel")]
    [InlineData("medium", "draft", "Nb.Request.UnsupportedThinkingLevel")]
    public void A_thinking_level_the_model_lacks_is_refused(string level, string model, string id) =>
        Assert.Equal(id, Refused(new ImageRequest { Prompt = "a fox", ThinkingLevel = level, Model = model }).ErrorId);

    [Theory]
    [InlineData("image", "nb-pro")]
    [InlineData("web", "draft")]
    [InlineData("books", "nb2")]
    public void A_search_the_model_cannot_do_is_refused(string search, string model) =>
        Assert.Equal("Nb.Request.UnsupportedGrounding",
            Refused(new ImageRequest { Prompt = "a fox", Grounding = [search], Model = model }).ErrorId);

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\u00a0")]
    public void A_prompt_of_white_space_is_refused(string prompt) =>
        Assert.Equal("Nb.Request.EmptyPrompt", Refused(new ImageRequest { Prompt = prompt }).ErrorId);

    [Fact]
    public void Fifteen_references_are_one_too_many_and_the_error_names_it()
    {
        NbException e = Refused(new ImageRequest
        {
            Prompt = "a fox",
            References = [.. Enumerable.Range(1, 15).Select(i => new Reference(PictureNamed($"p{i}.png")))],
        });
        Assert.Equal("Nb.Request.TooManyReferences", e.ErrorId);
        Assert.Contains("Drop p15.png", e.Advice);
    }

    [Fact]
    public void Six_characters_are_too_many_for_Pro()
    {
        NbException e = Refused(new ImageRequest
        {
            Prompt = "a crowd",
            Model = "nb-pro",
            Anchors = [.. Enumerable.Range(1, 6).Select(i => AnchorNamed($"c{i}"))],
        });
        Assert.Equal("Nb.Request.TooManyReferences", e.ErrorId);
        Assert.Contains("Drop c6", e.Advice);
    }

    [Fact]
    public void References_are_sorted_by_role_and_named_in_the_prompt_word_for_word()
    {
        PreparedRequest request = Builder.Build(new ImageRequest
        {
            Prompt = "  They meet at dusk.",
            Anchors =
            [
                Anchor.Create("noir", ReferenceRole.Style, "high-contrast ink", [PictureNamed("noir.png")]),
                Anchor.Create("kael", ReferenceRole.Character, "a detective in a neon trenchcoat.",
                    [PictureNamed("k1.png"), PictureNamed("k2.png")]),
            ],
            References = [new Reference(PictureNamed("street.jpg"))],
        });

        Assert.Equal(
            """
            Images 1 and 2 are the character kael: a detective in a neon trenchcoat.
            Image 3 is the style noir: high-contrast ink.
            Image 4 is a picture named street.jpg.

              They meet at dusk.

            Keep kael exactly as in images 1 and 2: the same face, features, hair, body, clothing and proportions, unchanged.
            Draw everything in the style of image 3; take no subject from there.
            """.ReplaceLineEndings("\n"),
            request.Prompt);
        ImmutableArray<Part> parts = Assert.Single(request.Call.Contents).Parts;
        Assert.Equal(["k1.png", "k2.png", "noir.png", "street.jpg"],
            request.References.Select(reference => reference.Picture.Name));
        Assert.Equal(request.References.Select(reference => reference.Picture.Data),
            parts.Skip(1).Cast<ImagePart>().Select(part => part.Data));
    }

    [Fact]
    public void A_prompt_that_explains_its_references_itself_is_not_changed() =>
        Assert.Equal("image 1, but at night", Builder.Build(new ImageRequest
        {
            Prompt = "image 1, but at night",
            References = [new Reference(PictureNamed("a.png"))],
        }).Prompt);

    [Fact]
    public void A_model_without_a_size_parameter_gets_none() =>
        Assert.Null(Builder.Build(new ImageRequest { Prompt = "a fox", Model = "nb", Size = "1K" }).Call.ImageSize);

    [Fact]
    public void An_unknown_model_is_asked_unchecked_with_a_warning()
    {
        PreparedRequest request =
            Builder.Build(new ImageRequest { Prompt = "a fox", Model = "gemini-9", Size = "16K", AspectRatio = "5:1" });
        Assert.Contains("gemini-9", Assert.Single(request.Warnings));
        Assert.Equal("16K", request.Call.ImageSize);
        Assert.Null(request.EstimatedCost);
    }

    [Fact]
    public void A_deprecated_model_is_asked_with_a_warning_that_names_its_replacement() =>
        Assert.Contains("gemini-nano-banana-2.1",
            Assert.Single(Builder.Build(new ImageRequest { Prompt = "a fox", Model = "nb2-3.1" }).Warnings));

    [Fact]
    public void The_request_hash_changes_with_everything_that_affects_the_answer()
    {
        var bare = new ImageRequest { Prompt = "a fox" };
        ImageRequest[] others =
        [
            bare with { Prompt = "a fox " },
            bare with { Model = "draft" },
            bare with { Size = "2K" },
            bare with { AspectRatio = "1:1" },
            bare with { Grounding = ["web"] },
            bare with { Grounding = ["image"] },
            bare with { ThinkingLevel = "high" },
            bare with { IncludeThoughts = true },
            bare with { SystemInstruction = "x" },
            bare with { ImageOnly = true },
            bare with { Seed = 7 },
            bare with { SafetyThreshold = ["OFF"] },
            bare with { References = [new Reference(PictureNamed("a.png"))] },
            bare with { Anchors = [AnchorNamed("a")] },
        ];
        string[] prints = [.. others.Prepend(bare).Select(request => Builder.Build(request).RequestHash)];
        Assert.Equal(prints.Length, prints.Distinct().Count());
        Assert.Equal(prints[0], Builder.Build(bare with { }).RequestHash);
    }

    [Theory]
    [InlineData("BLOCK_ONLY_HIGH", 4)]
    [InlineData("harassment=block_none", 1)]
    [InlineData("HARM_CATEGORY_HARASSMENT=BLOCK_NONE", 1)]
    public void Safety_is_read_in_either_form(string text, int count) =>
        Assert.Equal(count,
            Builder.Build(new ImageRequest { Prompt = "a", SafetyThreshold = [text] }).Call.SafetySettings.Length);

    [Theory]
    [InlineData("=")]
    [InlineData("A=")]
    [InlineData("A=B=C")]
    public void An_invalid_safety_setting_is_refused(string text) =>
        Assert.Equal("Nb.Request.InvalidSafety",
            Refused(new ImageRequest { Prompt = "a", SafetyThreshold = [text] }).ErrorId);

    [Fact]
    public void The_estimate_is_the_catalogs_price_and_a_little_for_the_input()
    {
        decimal plain =
            Builder.Build(new ImageRequest { Prompt = "a fox", Model = "nb-pro", Size = "4K" }).EstimatedCost!.Value;
        decimal withReference = Builder.Build(new ImageRequest
        {
            Prompt = "a fox", Model = "nb-pro", Size = "4K", References = [new Reference(PictureNamed("a.png"))],
        }).EstimatedCost!.Value;
        Assert.InRange(plain, 0.24m, 0.2401m);
        Assert.Equal(560 * 2m / 1_000_000, withReference - plain);
    }

    private static NbException Refused(ImageRequest request) =>
        Assert.Throws<NbException>(() => Builder.Build(request));

    private static Anchor AnchorNamed(string name) =>
        Anchor.Create(name, ReferenceRole.Character, null, [PictureNamed(name + ".png")]);

    private static Picture PictureNamed(string name) =>
        new(Blob.FromBytes(System.Text.Encoding.UTF8.GetBytes(name)), PictureFormat.Png, name);
}
