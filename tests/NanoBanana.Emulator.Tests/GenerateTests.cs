using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task A_prompt_gives_text_and_a_signed_picture()
    {
        Answer answer = await _emulator.GenerateAsync("a fox in the snow");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("STOP", answer.Candidate["finishReason"]!.GetValue<string>());
        Assert.Equal(2, answer.Parts.Count);
        Assert.All(answer.Parts, part => Assert.NotNull(part!["thoughtSignature"]));
        Assert.Equal((1024, 1024), Answer.Size(answer.Image));
        Assert.Equal(1120,
            answer.Json["usageMetadata"]!["candidatesTokensDetails"]![0]!["tokenCount"]!.GetValue<int>());
        byte[] signature = Convert.FromBase64String(answer.Parts[1]!["thoughtSignature"]!.GetValue<string>());
        Assert.True(signature.Length >= 64 * 1024);
    }

    [Theory]
    [InlineData(Emulator.Nb21, "16:9", "2K", 2752, 1536, 0xFF)]
    [InlineData(Emulator.Nb21, "1:8", "4K", 1536, 12288, 0xFF)]
    [InlineData("gemini-3.1-flash-image", "21:9", "512", 792, 168, 0xFF)]
    [InlineData(Emulator.Nb, "2:3", null, 832, 1248, 0x89)]
    public async Task Pixels_and_format_come_from_the_tables(
        string model, string ratio, string? size, int width, int height, int firstByte)
    {
        JsonObject image = new() { ["aspectRatio"] = ratio };
        if (size is not null) image["imageSize"] = size;
        Answer answer = await _emulator.GenerateAsync(
            "a fox", model, new JsonObject { ["imageConfig"] = image }.ToJsonString());

        Assert.Equal((width, height), Answer.Size(answer.Image));
        Assert.Equal(firstByte, answer.Image[0]);
    }

    [Fact]
    public async Task The_same_request_gives_the_same_bytes_in_another_service_under_another_id()
    {
        using Emulator other = new();

        Answer first = await _emulator.GenerateAsync("a fox"), second = await other.GenerateAsync("a fox");
        string id = (string)first.Json["responseId"]!, otherId = (string)second.Json["responseId"]!;

        Assert.NotEqual(id, otherId);
        Assert.Equal(first.Text.Replace(id, otherId, StringComparison.Ordinal), second.Text);
    }

    [Fact]
    public async Task An_edit_keeps_the_pattern_and_the_bands_of_references()
    {
        byte[] reference = (await _emulator.GenerateAsync("a reference")).Image;
        byte[] second = (await _emulator.GenerateAsync("another reference")).Image;
        JsonArray contents = new(Emulator.UserTurn("the two together", reference, second));
        Answer first = await _emulator.GenerateAsync((JsonArray)contents.DeepClone());
        contents.Add(first.Turn);
        contents.Add(Emulator.UserTurn("add a red scarf"));
        Answer edit = await _emulator.GenerateAsync(contents);

        Assert.Equal([EmulatorPicture.BandFor(reference), EmulatorPicture.BandFor(second)], first.Picture.Bands);
        Assert.Equal(first.Picture.Bands, edit.Picture.Bands);
        Assert.Equal(first.Picture.Seed, edit.Picture.Seed);
        Assert.Equal(1, edit.Picture.Depth);
        Assert.Single(edit.Picture.Accents);
        Assert.NotEqual(first.Image, edit.Image);
    }

    [Fact]
    public async Task Without_a_ratio_the_picture_follows_the_input()
    {
        byte[] wide =
            (await _emulator.GenerateAsync("wide", config: """{"imageConfig":{"aspectRatio":"21:9"}}""")).Image;
        Answer answer = await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("the same at night", wide)));

        Assert.Equal((1584, 672), Answer.Size(answer.Image));
    }

    [Fact]
    public async Task Thoughts_come_first_and_unsigned_when_asked_for()
    {
        Answer answer = await _emulator.GenerateAsync(
            "a fox", config: """{"thinkingConfig":{"thinkingLevel":"High","includeThoughts":true}}""");

        Assert.Equal(5, answer.Parts.Count);
        Assert.All(answer.Parts.Take(3), part =>
        {
            Assert.True(part!["thought"]!.GetValue<bool>());
            Assert.Null(part["thoughtSignature"]);
        });
        Assert.All(answer.Parts.Skip(3), part => Assert.NotNull(part!["thoughtSignature"]));
    }

    [Fact]
    public async Task An_image_only_request_gives_no_text()
    {
        Answer answer = await _emulator.GenerateAsync("a fox", config: """{"responseModalities":["IMAGE"]}""");

        Assert.NotNull(Assert.Single(answer.Parts)!["inlineData"]);
    }

    [Fact]
    public async Task Grounding_comes_with_sources_to_show()
    {
        JsonObject body = new()
        {
            ["contents"] = new JsonArray(Emulator.UserTurn("the weather in Oslo")),
            ["tools"] = JsonNode.Parse("""[{"googleSearch":{"searchTypes":{"webSearch":{},"imageSearch":{}}}}]"""),
        };
        Answer answer = await _emulator.PostAsync($"v1beta/models/{Emulator.Nb21}:generateContent", body);

        JsonNode grounding = answer.Candidate["groundingMetadata"]!;
        Assert.Contains("<a", grounding["searchEntryPoint"]!["renderedContent"]!.GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Contains(grounding["groundingChunks"]!.AsArray(), chunk => chunk!["web"] is not null);
        Assert.Contains(grounding["groundingChunks"]!.AsArray(), chunk => chunk!["image"]?["sourceUri"] is not null);
    }

    [Theory]
    [InlineData("[[NO_IMAGE]] x", "NO_IMAGE")]
    [InlineData("x [[IMAGE_SAFETY]]", "IMAGE_SAFETY")]
    [InlineData("[[SOMETHING_UNHEARD_OF]]", "SOMETHING_UNHEARD_OF")]
    [InlineData("[[MAX_TOKENS]]", "MAX_TOKENS")]
    public async Task A_mark_in_the_prompt_ends_without_a_picture(string prompt, string reason)
    {
        Answer answer = await _emulator.GenerateAsync(prompt);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(reason, answer.Candidate["finishReason"]!.GetValue<string>());
        Assert.DoesNotContain("inlineData", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blocked_prompt_has_feedback_and_no_candidates()
    {
        Answer answer = await _emulator.GenerateAsync("[[BLOCKED:SAFETY]]");

        Assert.Equal("SAFETY", answer.Json["promptFeedback"]!["blockReason"]!.GetValue<string>());
        Assert.Null(answer.Json["candidates"]);
        Assert.Equal(0, _emulator.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task Interleaved_answers_sign_the_first_text_and_every_picture()
    {
        Answer answer = await _emulator.GenerateAsync("[[INTERLEAVED:3]] a recipe");

        Assert.Equal(3, answer.Images.Count);
        Assert.Equal(
            [true, true, false, true, false, true],
            answer.Parts.Select(part => part!["thoughtSignature"] is not null));
        Assert.Equal(3, _emulator.Service.Statistics.BilledImages);
    }
}
