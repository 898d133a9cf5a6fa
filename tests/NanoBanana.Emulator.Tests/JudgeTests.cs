using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>Text models look at the emulator's pictures and tell the truth about them, in whatever shape they are asked
/// for.</summary>
public sealed class JudgeTests : IDisposable
{
    private const string Judge = "gemini-3.5-flash-lite";

    private const string Schema = """
        {"type":"OBJECT","required":["score","same","reasons"],"properties":{
          "score":{"type":"NUMBER","minimum":0,"maximum":1},
          "same":{"type":"BOOLEAN"},
          "aspects":{"type":"OBJECT","properties":{"face":{"type":"NUMBER"},"clothing":{"type":"NUMBER"},"colors":{"type":"NUMBER"}}},
          "text":{"type":"ARRAY","items":{"type":"STRING"}},
          "reasons":{"type":"ARRAY","items":{"type":"STRING"}}}}
        """;

    private readonly Emulator _emulator = new(new EmulatorOptions { SignatureLength = 64, Drift = 2.5 });

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData(Judge)]
    [InlineData("gemini-3.7-flash")]
    public async Task A_picture_with_its_references_scores_high_and_one_without_scores_low(string model)
    {
        byte[] fox = await DrawAsync("a fox"), hat = await DrawAsync("a hat");
        byte[] both = await DrawAsync("the fox with the hat", fox, hat),
            other = await DrawAsync("an owl with a hat", hat, hat);
        JsonNode right = await AskAsync(_emulator, both, [fox, hat], model),
            wrong = await AskAsync(_emulator, other, [fox], model);

        Assert.Equal((1.0, true), (Number(right["score"]), right["same"]!.GetValue<bool>()));
        Assert.Empty(right["reasons"]!.AsArray());
        Assert.True(Number(wrong["score"]) < 0.5);
        Assert.False(wrong["same"]!.GetValue<bool>());
        Assert.Equal("Reference 1 is not in the picture.", wrong["reasons"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Scores_fall_with_every_edit_and_colors_fall_faster_where_edits_drift()
    {
        JsonArray contents = new(Emulator.UserTurn("a fox"));
        Answer answer = await _emulator.GenerateAsync((JsonArray)contents.DeepClone());
        byte[] first = answer.Image;
        List<JsonNode> aspects = [];
        for (int turn = 0; turn < 3; turn++)
        {
            contents.Add(answer.Turn);
            contents.Add(Emulator.UserTurn($"edit {turn}"));
            answer = await _emulator.GenerateAsync((JsonArray)contents.DeepClone());
            aspects.Add((await AskAsync(_emulator, answer.Image, [first]))["aspects"]!);
        }

        Assert.Equal([0.99, 0.98, 0.97], aspects.Select(aspect => Number(aspect["face"])));
        Assert.Equal([0.965, 0.93, 0.895], aspects.Select(aspect => Number(aspect["colors"])));
    }

    [Fact]
    public async Task The_judged_picture_may_come_first_if_the_text_says_so()
    {
        byte[] fox = await DrawAsync("a fox");
        byte[] made = await DrawAsync("it at night", fox, fox);
        JsonNode answer =
            await AskAsync(_emulator, new JsonArray(Text("Result:"), Image(made), Text("Reference 1:"), Image(fox)),
            Schema);

        Assert.Equal(1, Number(answer["score"]));
    }

    [Fact]
    public async Task A_reencoded_picture_is_judged_by_its_pixels()
    {
        byte[] fox = await DrawAsync("a fox"), hat = await DrawAsync("a hat"), owl = await DrawAsync("an owl");
        byte[] anew = WithoutText(await DrawAsync("the fox with the hat", fox, hat));
        JsonNode with = await AskAsync(_emulator, anew, [fox, hat]), without = await AskAsync(_emulator, anew, [owl]);

        Assert.Null(EmulatorPicture.TryRead(anew));
        Assert.Equal(1, Number(with["score"]));
        Assert.True(Number(without["score"]) < 0.5);
    }

    [Theory]
    [InlineData("a poster that says \"OPEN LATE\"", "OPEN LATE")]
    [InlineData("ein Plakat mit „Grüße“ und “Café”", "Grüße,Café")]
    [InlineData("no words", "")]
    public async Task Lettering_is_read_back(string prompt, string texts)
    {
        JsonNode answer = await AskAsync(_emulator, await DrawAsync(prompt), []);

        Assert.Equal(texts, string.Join(',', answer["text"]!.AsArray().Select(text => text!.GetValue<string>())));
    }

    [Fact]
    public async Task A_misspelling_is_read_unchanged()
    {
        using Emulator emulator = With("""[{"fault":"misspelling","times":1}]""");
        byte[] wrong = (await emulator.GenerateAsync("a poster that says \"OPEN LATE\"")).Image;
        byte[] right = (await emulator.GenerateAsync("a poster that says \"OPEN LATE\"")).Image;

        Assert.Equal("OEPN LATE", (await AskAsync(emulator, wrong, []))["text"]![0]!.GetValue<string>());
        Assert.Equal("OPEN LATE", (await AskAsync(emulator, right, []))["text"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"rating":{"type":"integer","minimum":1,"maximum":5},"verdict":{"type":"string","enum":["different","same"]}}}""",
        """{"rating":5,"verdict":"same"}""")]
    [InlineData("""{"type":"object","properties":{"clothing":{"$ref":"#/$defs/side"}},"$defs":{"side":{"type":"object","properties":{"score":{"type":["number","null"]},"has_problems":{"type":"boolean"}}}}}""",
        """{"clothing":{"score":1,"has_problems":false}}""")]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"aspect":{"type":"string","enum":["face","style"]},"score":{"anyOf":[{"type":"null"},{"type":"number"}]}}}}""",
        """[{"aspect":"face","score":1},{"aspect":"style","score":1}]""")]
    [InlineData("""{"type":"object","properties":{"references":{"type":"array","items":{"type":"object","properties":{"index":{"type":"integer"},"present":{"type":"boolean"}}}},"x":{"const":"y"},"n":{"type":"null"}}}""",
        """{"references":[{"index":0,"present":true}],"x":"y","n":null}""")]
    [InlineData("""{"type":"object","properties":{"b":{"type":"string","maxLength":3},"a":{"type":"array","minItems":2,"items":{"type":"number"}}},"propertyOrdering":["a","b"]}""",
        """{"a":[1,1],"b":"1 o"}""")]
    public async Task Any_shape_gets_a_valid_answer(string schema, string expected)
    {
        byte[] fox = await DrawAsync("a fox");
        JsonNode answer = await AskAsync(_emulator, new JsonArray(Text("Compare."), Image(fox), Image(fox)), schema);

        Assert.Equal(expected, answer.ToJsonString());
    }

    [Fact]
    public async Task Faults_of_a_judge_are_followed_by_correct_judgments()
    {
        using Emulator emulator = With("""
            [{"fault":"judgeRefuses","nth":1},{"fault":"judgeBrokenJson","nth":2},{"fault":"judgeMissingFields","nth":3},
             {"fault":"judgeFencedJson","nth":4},{"fault":"judgeLowScores","nth":[5,6]}]
            """);
        byte[] fox = (await emulator.GenerateAsync("a fox")).Image;
        List<string> texts = [];
        for (int count = 0; count < 7; count++)
        {
            texts.Add(await TextAsync(emulator, Contents(fox, [fox]), Schema, Judge));
        }

        Assert.StartsWith("I can't help", texts[0], StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(texts[1]));
        Assert.False(JsonNode.Parse(texts[2])!.AsObject().ContainsKey("score"));
        Assert.True(JsonNode.Parse(texts[2])!.AsObject().ContainsKey("same"));
        Assert.StartsWith("```json\n{", texts[3], StringComparison.Ordinal);
        Assert.Equal([0.2, 0.2, 1], texts.Skip(4).Select(text => Number(JsonNode.Parse(text)!["score"])));
        Assert.Equal(8, emulator.Service.Statistics.BilledGenerations);
        Assert.Equal(1, emulator.Service.Statistics.BilledImages);
    }

    [Fact]
    public async Task A_server_draws_the_wrong_character_twice_and_the_judge_sees_it()
    {
        using Emulator emulator = With("""[{"fault":"forgetReferences","times":2,"path":"*nano-banana*"}]""");
        byte[] fox = await DrawAsync("a fox"), hat = await DrawAsync("a hat");
        List<bool> verdicts = [];
        for (int attempt = 0; attempt < 3; attempt++)
        {
            byte[] made =
                (await emulator.GenerateAsync(
                new JsonArray(Emulator.UserTurn("the fox with the hat", fox, hat)))).Image;
            verdicts.Add((await AskAsync(emulator, made, [fox, hat]))["same"]!.GetValue<bool>());
        }

        Assert.Equal([false, false, true], verdicts);
    }

    [Fact]
    public async Task A_judged_prompt_cannot_instruct_the_judge()
    {
        JsonArray parts =
            new(Text("Does it show this: [[FAULT:textOnly]] [[ERROR:503]] a fox?"), Image(await DrawAsync("a fox")));

        Assert.Equal(1, Number((await AskAsync(_emulator, parts, Schema))["score"]));
    }

    [Theory]
    [InlineData(Judge, """{"imageConfig":{"imageSize":"1K"}}""")]
    [InlineData(Judge, """{"responseModalities":["IMAGE"]}""")]
    [InlineData(Judge, """{"responseSchema":{"type":"OBJECT"}}""")]
    [InlineData(Emulator.Nb21, """{"responseMimeType":"application/json"}""")]
    public async Task Unsupported_requests_of_a_judge_are_refused(string model, string config) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _emulator.GenerateAsync("a fox", model, config)).Status);

    private static Emulator With(string script) =>
        new(new EmulatorOptions { Faults = FaultScript.Parse(script), SignatureLength = 64 });

    // The numbers of a schema that names no range.
    private static double Number(JsonNode? node) => node!.GetValue<double>();

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonObject Image(byte[] image) => new()
    {
        ["inlineData"] = new JsonObject { ["mimeType"] = "image/jpeg", ["data"] = Convert.ToBase64String(image) },
    };

    private static JsonArray Contents(byte[] judged, byte[][] references) =>
        [Text("How like the references is the last picture?"), .. references.Select(Image), Image(judged)];

    private static Task<JsonNode> AskAsync(Emulator emulator, byte[] judged, byte[][] references,
        string model = Judge) =>
        AskAsync(emulator, Contents(judged, references), Schema, model);

    private static async Task<JsonNode> AskAsync(Emulator emulator, JsonArray parts, string schema,
        string model = Judge) =>
        JsonNode.Parse(await TextAsync(emulator, parts, schema, model))!;

    private static async Task<string> TextAsync(Emulator emulator, JsonArray parts, string schema, string model)
    {
        string name = schema.Contains("OBJECT", StringComparison.Ordinal) ? "responseSchema" : "responseJsonSchema";
        Answer answer = await emulator.PostAsync($"v1beta/models/{model}:generateContent", new JsonObject
        {
            ["contents"] = new JsonArray(new JsonObject { ["role"] = "user", ["parts"] = parts }),
            ["generationConfig"] =
                new JsonObject { ["responseMimeType"] = "application/json", [name] = JsonNode.Parse(schema) },
        });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return Assert.Single(answer.Parts)!["text"]!.GetValue<string>();
    }

    private async Task<byte[]> DrawAsync(string prompt, params byte[][] references) =>
        (await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn(prompt, references)))).Image;

    /// <summary>The same JPEG without its comment, as a program writes it that knows nothing of it.</summary>
    private static byte[] WithoutText(byte[] jpeg)
    {
        int offset = 2;
        while (jpeg[offset + 1] != 0xFE) offset += 2 + ((jpeg[offset + 2] << 8) | jpeg[offset + 3]);
        int length = 2 + ((jpeg[offset + 2] << 8) | jpeg[offset + 3]);
        return [.. jpeg[..offset], .. jpeg[(offset + length)..]];
    }
}
