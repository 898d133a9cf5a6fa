using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Images;

public sealed class ImageReaderTests
{
    [Fact]
    public async Task Thoughts_are_never_the_result_but_stay_in_the_conversation()
    {
        using var fixture = new EmulatorFixture();
        NbImage image =
            Assert.Single(await fixture.SendAsync(new ImageRequest { Prompt = "a fox", IncludeThoughts = true }));
        Assert.NotEmpty(image.Thoughts);
        Assert.Contains(image.Conversation!.Turns[1].Parts, part => part.Thought);
        Assert.NotNull(await fixture.EditAsync(image, "make it night"));
    }

    [Fact]
    public async Task Several_images_in_one_answer_come_in_order_each_with_the_words_before_it()
    {
        using var fixture = new EmulatorFixture();
        var images = await fixture.SendAsync(new ImageRequest { Prompt = "bake macarons [[INTERLEAVED:3]]" });
        Assert.Equal(3, images.Length);
        Assert.Equal(3, images.Select(image => image.Text).Distinct().Count());
        Assert.All(images, image => Assert.NotEmpty(image.Text));
        Assert.Single(images.Select(image => image.Conversation).Distinct());
    }

    [Theory]
    [InlineData("[[NO_IMAGE]] a fox", "Nb.Answer.NoImage", "NO_IMAGE")]
    [InlineData("[[IMAGE_SAFETY]] a fox", "Nb.Answer.NoImage", "IMAGE_SAFETY")]
    [InlineData("[[TEXT_ONLY]] a fox", "Nb.Answer.NoImage", "STOP")]
    [InlineData("[[BLOCKED]] a fox", "Nb.Answer.Blocked", "PROHIBITED_CONTENT")]
    public async Task No_image_is_an_error_that_says_why(string prompt, string id, string reason)
    {
        using var fixture = new EmulatorFixture();
        NbException e =
            await Assert.ThrowsAsync<NbException>(() => fixture.SendAsync(new ImageRequest { Prompt = prompt }));
        Assert.Equal(id, e.ErrorId);
        Assert.Equal(reason, e.Reason);
        Assert.NotEmpty(e.Advice);
    }

    [Fact]
    public async Task An_answer_whose_only_image_is_a_thought_was_paid_for_and_is_kept()
    {
        using var fixture = new EmulatorFixture();
        Assert.Single(await fixture.SendAsync(new ImageRequest { Prompt = "[[THOUGHTS_ONLY]] a fox" }));
    }

    [Fact]
    public async Task Cost_is_what_the_service_counted()
    {
        using var fixture = new EmulatorFixture();
        NbImage image = Assert.Single(await fixture.SendAsync(new ImageRequest { Prompt = "a fox", Model = "nb-pro" }));
        decimal expected = (image.Usage!.PromptTokens * 2m
            + (image.Usage.CandidateTokens - image.Usage.ImageTokens!.Value + image.Usage.ThoughtTokens) * 12m
            + image.Usage.ImageTokens.Value * 120m) / 1_000_000m;
        Assert.Equal(expected, image.Cost);
        Assert.InRange(image.Cost!.Value, 0.134m, 0.15m);
    }

    [Fact]
    public async Task Grounding_comes_with_its_duties()
    {
        using var fixture = new EmulatorFixture();
        NbImage image =
            Assert.Single(
            await fixture.SendAsync(new ImageRequest { Prompt = "a quetzal", Grounding = ["web", "image"] }));
        Assert.Contains(image.Grounding!.Sources, source =>
            source.Image is not null && source.Page.StartsWith("http", StringComparison.Ordinal));
        Assert.Contains("<", image.Grounding.SearchEntryPoint);
    }

    [Fact]
    public async Task A_model_change_starts_a_new_conversation_from_the_picture_and_takes_the_anchors_along()
    {
        using var fixture = new EmulatorFixture();
        NbImage kael = await fixture.DrawAsync("kael, a detective");
        Anchor anchor = Anchor.Create("kael", ReferenceRole.Character, "a detective", [kael.ToPicture()]);
        NbImage scene =
            Assert.Single(
            await fixture.SendAsync(new ImageRequest { Prompt = "kael eats noodles", Anchors = [anchor] }));

        PreparedRequest edit =
            fixture.Service.Prepare(new ImageRequest { Prompt = "make it night", Source = scene, Model = "nb-pro" });

        Assert.False(edit.ContinuesConversation);
        Assert.Contains(edit.Warnings, warning => warning.Contains("gemini-nano-banana-2.1", StringComparison.Ordinal));
        Assert.Equal("kael", Assert.Single(edit.References).Name);
        Assert.StartsWith("Image 1 is the picture to change.\nImage 2 is the character kael: a detective.",
            edit.Prompt);
        Assert.Single(await fixture.Service.SendAsync(edit, NanoBanana.Storage.BlobSink.Memory));
    }
}
