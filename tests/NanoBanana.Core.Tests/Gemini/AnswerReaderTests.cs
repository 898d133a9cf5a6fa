using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

public sealed class AnswerReaderTests
{
    [Fact]
    public void Any_answer_in_any_pieces_is_sent_back_unchanged() => Properties.ForSeeds(random =>
    {
        var script = new AnswerScript(random);
        Answer answer = Read(script.Bytes, Properties.Sizes(random));

        Assert.Empty(answer.Warnings);
        Assert.Equal("gemini-x", answer.ModelVersion);
        Assert.Equal("id-1", answer.ResponseId);
        Assert.Equal(7, answer.Usage!.PromptTokens);
        Candidate candidate = Assert.Single(answer.Candidates);
        Assert.Equal("STOP", candidate.FinishReason);
        JsonNode sent = SentBack(candidate.Content!);
        Assert.True(JsonNode.DeepEquals(script.Turn, sent), $"came {script.Turn}\nwent {sent}");
    });

    [Fact]
    public void An_answer_cut_off_anywhere_is_reported_as_truncated_and_leaves_no_writer_open() => Properties.ForSeeds(
        random =>
        {
            byte[] whole = new AnswerScript(random).Bytes;
            int end = whole.AsSpan().LastIndexOf((byte)'}');
            byte[] cut = whole[..random.Next(end + 1)];
            var sink = new TrackingSink();
            var stream = new ChunkedStream(cut, Properties.Sizes(random), random.Next(2) == 0 ? new IOException("reset")
                : null);

            var e = Assert.Throws<NbException>(() =>
                AnswerReader.ReadAsync(stream, sink, default).GetAwaiter().GetResult());

            Assert.Equal("Nb.Answer.Truncated", e.ErrorId);
            Assert.True(e.IsUncertain);
            Assert.Equal(0, sink.Open);
        },
        runs: 60);

    [Theory]
    [InlineData("<html><body>Sign in</body></html>", "Nb.Answer.NotJson")]
    [InlineData("upstream said no", "Nb.Answer.NotJson")]
    [InlineData("", "Nb.Answer.Truncated")]
    [InlineData("  \n", "Nb.Answer.Truncated")]
    [InlineData("{\"candidates\":[}", "Nb.Answer.Malformed")]
    [InlineData("{\"candidates\":[{]", "Nb.Answer.Malformed")]
    [InlineData("{'candidates':[]}", "Nb.Answer.Malformed")]
    public void Bodies_that_are_not_answers_are_distinguished(string body, string errorId)
    {
        NbException e = Assert.Throws<NbException>(() => Read(body));
        Assert.Equal(errorId, e.ErrorId);
        Assert.True(e.IsUncertain);
    }

    [Theory]
    [InlineData("AAA!")]
    [InlineData("AAAAA")]
    [InlineData("AA=A")]
    [InlineData("AA==AAAA")]
    [InlineData("AA=")]
    [InlineData("====")]
    [InlineData("AAé=")]
    [InlineData("AA\\\"A")]
    [InlineData("AA\\bA")]
    [InlineData("AA\\u0141A")]
    public void Invalid_base64_is_reported_as_damaged_and_the_answer_is_kept(string data)
    {
        string body =
            """{"candidates":[{"content":{"parts":[{"inlineData":{"data":"@","mimeType":"image/png"}}]}}]}""".Replace(
            "@", data);
        Answer answer = Read(body);
        Assert.Contains("damaged", Assert.Single(answer.Warnings));
        Assert.Equal(body, File.ReadAllText(answer.KeptAs!));
    }

    [Fact]
    public void An_unreadable_signature_costs_a_warning_and_not_the_image()
    {
        Answer answer = Read(
            """{"candidates":[{"content":{"parts":[{"thoughtSignature":"no!","inlineData":{"mimeType":"a/b","data":"AQID"}}]}}]}""");
        var image = Assert.IsType<ImagePart>(Assert.Single(Assert.Single(answer.Candidates).Content!.Parts));
        Assert.Equal([1, 2, 3], image.Data.ToArray());
        Assert.Null(image.Signature);
        Assert.Contains("signature", Assert.Single(answer.Warnings));
    }

    [Fact]
    public void Null_and_missing_fields_are_accepted()
    {
        Answer answer = Read(
            """
            {"candidates":[null,{"content":null,"finishReason":null,"groundingMetadata":null},
              {"content":{"role":null,"parts":null}},
              {"content":{"parts":[{"text":null,"inlineData":null,"thought":null,"thoughtSignature":null}]}}],
             "promptFeedback":null,"usageMetadata":null,"modelVersion":null,"responseId":null,"error":null}
            """);
        Assert.Equal(3, answer.Candidates.Length);
        Assert.Null(answer.Candidates[0].Content);
        Assert.Empty(answer.Candidates[1].Content!.Parts);
        Assert.IsType<OtherPart>(Assert.Single(answer.Candidates[2].Content!.Parts));
        Assert.Null(answer.Usage);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"candidates\":[]}")]
    [InlineData("[]")]
    [InlineData("{\"candidates\":\"none\"}")]
    public void An_answer_may_have_no_candidates(string body) => Assert.Empty(Read(body).Candidates);

    [Fact]
    public void A_block_reason_is_read()
    {
        Answer answer = Read("""{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT","blockReasonMessage":"no"}}""");
        Assert.Equal("PROHIBITED_CONTENT", answer.BlockReason);
        Assert.Equal("no", answer.BlockReasonMessage);
    }

    [Fact]
    public void Usage_is_read_with_the_tokens_of_images()
    {
        Answer answer = Read(
            """
            {"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":"1130","thoughtsTokenCount":99,"totalTokenCount":1241,
              "promptTokensDetails":[{"modality":"TEXT","tokenCount":12}],
              "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1120},{"modality":"TEXT","tokenCount":10},7,null]}}
            """);
        Assert.Equal(
            new TokenCount
            {
                PromptTokens = 12,
                PromptImageTokens = 0,
                CandidateTokens = 1130,
                ImageTokens = 1120,
                ThoughtTokens = 99,
                TotalTokens = 1241,
            },
            answer.Usage);
    }

    [Fact]
    public void Fields_of_the_wrong_type_do_not_cost_the_image()
    {
        Answer answer = Read(
            """
            {"modelVersion":5,"usageMetadata":"none","promptFeedback":[],"candidates":[7,[1],
              {"finishReason":4,"content":{"role":1,"parts":[3,{"text":5,"thought":"yes"},{"inlineData":{"data":"AQID"}}]}}]}
            """);
        Turn turn = Assert.Single(answer.Candidates).Content!;
        Assert.Equal(2, turn.Parts.Length);
        Assert.Equal([1, 2, 3], Assert.IsType<ImagePart>(turn.Parts[1]).Data.ToArray());
    }

    [Fact]
    public void A_part_with_two_payloads_keeps_both()
    {
        const string Part = """{"text":"t","inlineData":{"mimeType":"a/b","data":"AQID"},"fileData":{"fileUri":"u"}}""";
        Answer answer = Read("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + Part + "]}}]}");
        JsonNode sent = SentBack(answer.Candidates[0].Content!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Part), sent["parts"]![0]), sent.ToJsonString());
    }

    [Fact]
    public void Inline_data_without_bytes_is_not_an_image_but_is_sent_back()
    {
        const string Part = """{"inlineData":{"mimeType":"image/png","x":[1]},"thought":true}""";
        Answer answer = Read("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + Part + "]}}]}");
        Assert.IsType<OtherPart>(answer.Candidates[0].Content!.Parts[0]);
        JsonNode sent = SentBack(answer.Candidates[0].Content!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Part), sent["parts"]![0]), sent.ToJsonString());
    }

    [Fact]
    public void Half_a_surrogate_pair_and_broken_utf8_cost_a_character_and_not_the_image()
    {
        byte[] body = Encoding.Latin1.GetBytes(
            """{"candidates":[{"content":{"parts":[{"text":"a\ud83d b\\ud83d \ud83e\udd8a ÿ","new":"x\udc00"},"""
            + """{"inlineData":{"data":"AQID"}}]}}]}""");
        Answer answer = Read(body, () => 1);
        Turn turn = answer.Candidates[0].Content!;
        Assert.Equal("a\uFFFD b\\ud83d \U0001F98A \uFFFD", turn.Text);
        Assert.Equal("x\uFFFD", turn.Parts[0].Unknown.Find("new")!.Value.GetString());
        Assert.IsType<ImagePart>(turn.Parts[1]);
        SentBack(turn);
    }

    [Fact]
    public void Large_unknown_strings_are_kept_or_left_out_without_harm()
    {
        string large = new('y', 3_000_000);
        string body = """
            {"x":"@","candidates":[{"rest":{"deep":"@"},"content":{"parts":[{"new":["@"]}]}}]}
            """.Replace("@", large);
        var random = new Random(1);
        Answer answer = Read(Encoding.UTF8.GetBytes(body), () => random.Next(1, 10_000));
        Part part = Assert.Single(answer.Candidates[0].Content!.Parts);
        Assert.Equal(large, part.Unknown.Find("new")!.Value[0].GetString());
    }

    [Fact]
    public void Deep_nesting_does_not_cost_the_image()
    {
        string deep = new string('[', 300) + new string(']', 300);
        Answer answer = Read(
            """{"candidates":[{"content":{"parts":[{"new":@,"inlineData":{"data":"AQID"}}]}}],"x":@}""".Replace("@",
                deep));
        Part part = answer.Candidates[0].Content!.Parts[0];
        Assert.IsType<ImagePart>(part);
        Assert.Equal(deep, part.Unknown.Find("new")!.Value.GetRawText());
    }

    [Fact]
    public void An_error_inside_a_successful_answer_is_an_error()
    {
        NbException e = Assert.Throws<NbException>(() => Read(
            """[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]"""));
        Assert.Equal("Nb.Service.Unavailable", e.ErrorId);
        Assert.Equal("UNAVAILABLE", e.ServerStatus);
    }

    [Fact]
    public void Data_after_the_answer_causes_a_warning()
    {
        Answer answer = Read("{\"candidates\":[{\"finishReason\":\"STOP\"}]} <!-- proxy -->");
        Assert.Single(answer.Candidates);
        Assert.Single(answer.Warnings);
    }

    [Fact]
    public async Task Canceling_ends_the_reading()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AnswerReader.ReadAsync(
            new ChunkedStream([(byte)'{'], () => 1), BlobSink.Memory, source.Token));
    }

    private static Answer Read(string body) => Read(Encoding.UTF8.GetBytes(body), () => 5);

    private static Answer Read(byte[] body, Func<int> sizes)
    {
        var sink = new TrackingSink();
        Answer answer = AnswerReader.ReadAsync(new ChunkedStream(body, sizes), sink, default).GetAwaiter().GetResult();
        Assert.Equal(0, sink.Open);
        return answer;
    }

    private static JsonNode SentBack(Turn turn) =>
        RequestText.Of(new GenerateCall { Model = "m", Contents = [turn] })["contents"]![0]!;
}
