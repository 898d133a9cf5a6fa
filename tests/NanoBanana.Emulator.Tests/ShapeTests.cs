using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>Answers that hold the picture elsewhere, or that hold it among things nobody understands.</summary>
public sealed class ShapeTests : IDisposable
{
    private readonly Emulator _emulator = new(new EmulatorOptions { SignatureLength = 64 });

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_script_and_a_mark_ask_for_the_same_fault(bool byMark)
    {
        using Emulator emulator = byMark ? new() : With("""[{"fault":"dataUrlText"}]""");
        Answer answer = await emulator.GenerateAsync(byMark ? "[[FAULT:dataUrlText]] a fox" : "a fox");
        string text = answer.Parts[^1]!["text"]!.GetValue<string>();

        Assert.StartsWith("![image](data:image/jpeg;base64,", text, StringComparison.Ordinal);
        Assert.NotNull(EmulatorPicture.TryRead(Convert.FromBase64String(text.Split(',')[1].TrimEnd(')'))));
        Assert.DoesNotContain("inlineData", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, emulator.Service.Statistics.BilledImages);
        Assert.Equal(["dataUrlText"], emulator.Service.Journal.Entries.Single().Faults);
        Assert.Equal(1, emulator.Service.Statistics.Faults["dataUrlText"]);
    }

    [Fact]
    public async Task An_unknown_fault_in_a_mark_is_refused_by_name()
    {
        Answer answer = await _emulator.GenerateAsync("[[FAULT:earthquake]] a fox");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("\"earthquake\"", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inline_data_can_begin_with_a_data_URL()
    {
        Answer answer = await _emulator.GenerateAsync("[[FAULT:dataPrefix]] a fox");
        string data = answer.Parts[1]!["inlineData"]!["data"]!.GetValue<string>();

        Assert.StartsWith("data:image/jpeg;base64,", data, StringComparison.Ordinal);
        Assert.NotNull(EmulatorPicture.TryRead(Convert.FromBase64String(data.Split(',')[1])));
    }

    [Fact]
    public async Task A_link_leads_to_the_picture()
    {
        Answer answer = await _emulator.GenerateAsync("[[FAULT:linkedImage]] a fox");
        string text = answer.Parts[1]!["text"]!.GetValue<string>();
        Uri address = new(text[(text.IndexOf("](", StringComparison.Ordinal) + 2)..^1]);
        byte[] picture = await _emulator.Client.GetByteArrayAsync(address);

        Assert.StartsWith("https://gemini.test/", address.ToString(), StringComparison.Ordinal);
        Assert.NotNull(EmulatorPicture.TryRead(picture));
        Assert.Equal(1, _emulator.Service.Statistics.BilledImages);
    }

    [Fact]
    public async Task A_fault_puts_the_picture_into_the_second_candidate()
    {
        Answer answer = await _emulator.GenerateAsync("[[FAULT:secondCandidate]] a fox");
        JsonArray candidates = answer.Json["candidates"]!.AsArray();

        Assert.Equal(2, candidates.Count);
        Assert.NotNull(Assert.Single(candidates[0]!["content"]!["parts"]!.AsArray())!["text"]);
        Assert.NotNull(Assert.Single(candidates[1]!["content"]!["parts"]!.AsArray())!["inlineData"]);
        Assert.Equal(1, _emulator.Service.Statistics.BilledImages);
    }

    [Theory]
    [InlineData("generateContent")]
    [InlineData("streamGenerateContent")]
    public async Task Two_candidates_hold_two_pictures_and_both_are_billed(string verb)
    {
        Answer answer = await _emulator.PostAsync(
            $"v1beta/models/{Emulator.Nb21}:{verb}",
                new JsonObject { ["contents"] = new JsonArray(Emulator.UserTurn("[[FAULT:twoCandidates]] a fox")) });
        JsonArray pieces = verb == "generateContent" ? new JsonArray(answer.Json) : answer.Json.AsArray();
        string[] pictures = [.. pieces.SelectMany(piece => piece!["candidates"]!.AsArray())
            .SelectMany(candidate => candidate!["content"]!["parts"]!.AsArray())
            .Where(part => part!["inlineData"] is not null)
            .Select(part => part!["inlineData"]!["data"]!.GetValue<string>())];

        Assert.Equal(2, pictures.Distinct().Count());
        Assert.Equal(2, _emulator.Service.Statistics.BilledImages);
    }

    [Theory]
    [InlineData("base64", """{"mimeType":"image/jpeg","data":"@@ no base64 @@"}""")]
    [InlineData("null", "null")]
    [InlineData("text", "\"no object\"")]
    public async Task A_bad_part_stands_among_good_ones(string shape, string inlineData)
    {
        using Emulator emulator = With($$"""[{"fault":"badPart","shape":"{{shape}}"}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(3, answer.Parts.Count);
        Assert.True(answer.Parts[1]!.AsObject().ContainsKey("inlineData"));
        Assert.Equal(JsonNode.Parse(inlineData)?.ToJsonString(), answer.Parts[1]!["inlineData"]?.ToJsonString());
        Assert.NotNull(answer.Parts[2]!["inlineData"]!["data"]);
    }

    [Fact]
    public async Task Five_hundred_small_pictures_come_in_one_answer()
    {
        using Emulator emulator = With("""[{"fault":"manyImages"}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(500, answer.Images.Select(Convert.ToBase64String).Distinct().Count());
        Assert.Equal(500, emulator.Service.Statistics.BilledImages);
    }

    [Theory]
    [InlineData("zeroUsage", """{"promptTokenCount":0,"candidatesTokenCount":0,"totalTokenCount":0}""")]
    [InlineData("emptyUsage", "{}")]
    [InlineData("noUsage", null)]
    [InlineData("unknownUsage", """{"input_tokens":8,"output_tokens":1126}""")]
    public async Task Usage_in_another_form_is_billed_in_the_same_way(string fault, string? usage)
    {
        Answer answer = await _emulator.GenerateAsync($"[[FAULT:{fault}]] a fox".PadRight(32));

        Assert.Equal(usage, answer.Json["usageMetadata"]?.ToJsonString());
        Assert.True(_emulator.Service.Statistics.BilledUsd > 0.03m);
    }

    [Theory]
    [InlineData("unaskedStream", "data: {")]
    [InlineData("streamComment", ": keep-alive\n\ndata: {")]
    [InlineData("jsonGuard", ")]}'\n{")]
    [InlineData("byteOrderMark", "\uFEFF{")]
    public async Task A_fault_wraps_an_answer_like_a_gateway(string fault, string start)
    {
        using StringContent body = new(
            new JsonObject { ["contents"] =
                new JsonArray(Emulator.UserTurn($"[[FAULT:{fault}]] a fox")) }.ToJsonString());
        using HttpResponseMessage response =
            await _emulator.Client.PostAsync($"v1beta/models/{Emulator.Nb21}:generateContent", body);
        string text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
        JsonNode answer = JsonNode.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..])!;

        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.NotNull(answer["candidates"]![0]!["content"]!["parts"]![1]!["inlineData"]);
        Assert.True(!start.Contains("data:", StringComparison.Ordinal)
            || text.EndsWith("}\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_huge_unknown_field_stands_before_the_picture()
    {
        using Emulator emulator = With("""[{"fault":"hugeField","bytes":3000000}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Equal(new string('x', 3_000_000), answer.Json["gatewayTrace"]!.GetValue<string>());
        Assert.True(answer.Text.IndexOf("gatewayTrace", StringComparison.Ordinal) < answer.Text.IndexOf("candidates",
            StringComparison.Ordinal));
        Assert.NotNull(answer.Picture);
    }

    [Fact]
    public async Task An_account_that_is_limited_gets_its_own_reason()
    {
        Answer answer = await _emulator.GenerateAsync("[[FAULT:accountLimited]] a fox");

        Assert.Equal("PUP_LIMITED_DISABLED", answer.Candidate["finishReason"]!.GetValue<string>());
        Assert.DoesNotContain("inlineData", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_drops_references_the_given_number_of_times()
    {
        using Emulator emulator = With("""[{"fault":"forgetReferences","times":2}]""");
        using Emulator other = new();
        byte[] fox = (await other.GenerateAsync("a fox")).Image, hat = (await other.GenerateAsync("a hat")).Image;
        List<int> bands = [];
        for (int count = 0; count < 3; count++)
        {
            bands.Add((await emulator.GenerateAsync(
                new JsonArray(Emulator.UserTurn("the fox with the hat", fox, hat)))).Picture.Bands.Count);
        }

        Assert.Equal([0, 0, 2], bands);
    }

    private static Emulator With(string script) =>
        new(new EmulatorOptions { Faults = FaultScript.Parse(script), SignatureLength = 64 });
}
