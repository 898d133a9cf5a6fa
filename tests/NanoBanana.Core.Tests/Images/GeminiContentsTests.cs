using System.Text.Json.Nodes;
using NanoBanana.Images;

namespace NanoBanana.Tests.Images;

/// <summary>Conversations in the JSON that Google's SDKs write.</summary>
public sealed class GeminiContentsTests
{
    private static readonly string Data = Convert.ToBase64String(
        [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 300).Select(i => (byte)(i * 7 | 0x80)), 0xFF, 0xD9]);

    private static readonly string Drawn =
        $$"""{"role":"model","parts":[{"text":"Here."},{"inlineData":{"mimeType":"image/jpeg","data":"{{Data}}"},"thoughtSignature":"c2ln"}]}""";

    private static readonly string Asked = """{"role":"user","parts":[{"text":"a fox"}]}""";

    [Fact]
    public async Task A_written_conversation_is_read_with_its_signatures_and_can_be_edited()
    {
        using var emulator = new EmulatorFixture();
        NbImage scarf = await emulator.EditAsync(await emulator.DrawAsync("a fox"), "add a scarf");
        NbImage read = Assert.Single(await GeminiContents.ReadAsync(await GeminiContents.WriteAsync(scarf)));
        Assert.Equal((scarf.Sha256, scarf.Text), (read.Sha256, read.Text));
        Assert.Equal(scarf.Conversation!.Blobs.Select(blob => blob.Sha256),
            read.Conversation!.Blobs.Select(blob => blob.Sha256));
        Assert.Equal(6, (await emulator.EditAsync(read, "at night")).Conversation!.Turns.Length);
    }

    private static string With(string json) => json.Replace("ASKED", Asked, StringComparison.Ordinal)
        .Replace("DRAWN", Drawn, StringComparison.Ordinal);

    public static TheoryData<string, int> Forms() => new()
    {
        { $"[{Asked},{Drawn}]", 2 },
        { $"[{Asked},{Drawn},{Asked}]", 2 },
        { $$"""{"contents":[{{Asked}},{{Drawn}}]}""", 2 },
        { $$"""{"contents":"a fox","candidates":[{"content":{{Drawn}}}]}""", 2 },
        { With("""{"request":{"contents":[ASKED]},"response":{"candidates":[{"content":DRAWN}]}}"""), 2 },
        { $$"""{"history":[{{Asked}},{{Drawn}}]}""", 2 },
        { $$"""[{{Asked}},{"candidates":[{"content":{{Drawn}}}],"model_version":"gemini-x"}]""", 2 },
        { With("""["a fox",{"candidates":[{"content":DRAWN,}], /* pasted */ },]"""), 2 },
        { $"[{Asked},{Drawn}]".Replace("inlineData", "inline_data").Replace("mimeType", "mime_type"), 2 },
        {
            With("""["a fox",{"candidates":[{"content":{"parts":[{"text":"So"}]}}]},{"candidates":[{"content":DRAWN}]}]"""),
            2
        },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Each_form_of_an_sdk_is_read(string json, int turns)
    {
        NbImage image = Assert.Single(await GeminiContents.ReadAsync(json));
        Assert.Equal(turns, image.Conversation!.Turns.Length);
        Assert.Equal("a fox", image.Prompt);
        Assert.Contains(image.Conversation.Turns[^1].Parts, part => part.Signature is not null);
    }

    [Fact]
    public async Task A_response_without_its_request_continues_with_the_given_prompt()
    {
        string json = $$"""{"candidates":[{"content":{{Drawn}}}],"modelVersion":"gemini-x","responseId":"r"}""";
        NbImage alone = Assert.Single(await GeminiContents.ReadAsync(json));
        Assert.Null(alone.Conversation);
        Assert.Equal("Here.", alone.Text);
        NbImage whole = Assert.Single(await GeminiContents.ReadAsync(json, "a fox"));
        Assert.Equal(("gemini-x", 2), (whole.Conversation!.Model, whole.Conversation.Turns.Length));
        Assert.Equal("r", whole.ResponseId);
    }

    [Fact]
    public async Task A_text_answer_is_read_as_a_text_that_can_be_edited()
    {
        NbImage words = Assert.Single(await GeminiContents.ReadAsync(
            $$"""[{{Asked}},{"role":"model","parts":[{"text":"Which color?"}]}]"""));
        Assert.Equal("Which color?", Assert.IsType<NbText>(words).Text);
        Assert.Equal(2, words.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_foreign_picture_becomes_a_users_turn()
    {
        using var emulator = new EmulatorFixture();
        NbImage foreign = NbImage.Foreign((await emulator.DrawAsync("a fox")).Data);
        JsonNode turn = Assert.Single(JsonNode.Parse(await GeminiContents.WriteAsync(foreign))!.AsArray())!;
        Assert.Equal("user", (string?)turn["role"]);
        string data = (string)turn["parts"]![0]!["inlineData"]!["data"]!;
        Assert.Equal(foreign.Data.ToArray(), Convert.FromBase64String(data));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""[{"role":"user","parts":[{"text":"a fox"}]}]""")]
    [InlineData("""[{"role":"model","parts":[]}]""")]
    [InlineData("""{"candidates":[]}""")]
    [InlineData("""{"candidates":7}""")]
    [InlineData("""[{"role":"model","parts":7}]""")]
    public async Task JSON_without_an_answer_of_a_model_is_refused(string json)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(() => GeminiContents.ReadAsync(json));
        Assert.Equal("Nb.Conversation.NoContents", e.ErrorId);
    }
}
