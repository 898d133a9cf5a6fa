using System.Text;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

/// <summary>Answers as gateways and other versions of the service give them: the picture is found, wherever it
/// stands.</summary>
public sealed class AnswerShapeTests
{
    private static readonly byte[] Picture =
        [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 300).Select(i => (byte)(i * 7)), 0xFF, 0xD9];

    private static readonly string Data = Convert.ToBase64String(Picture);
    private static readonly string Image =
        $$$"""{"inlineData":{"mimeType":"image/jpeg","data":"{{{Data}}}"},"thoughtSignature":"c2ln"}""";
    private static readonly string Answered =
        $$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"Here."}, {{Image}} ]},"finishReason":"STOP"}]}""";

    public static TheoryData<string, string> Shapes() => new()
    {
        {
            "a data URL in the words",
            With("""{"candidates":[{"content":{"parts":[{"text":"Here:\n![image](data:image/jpeg;base64,DATA)"}]}}]}""")
        },
        {
            "nothing but a data URL",
            With("""{"candidates":[{"content":{"parts":[{"text":"data:image/jpeg;base64,DATA"}]}}]}""")
        },
        { "a data URL as data", Answered.Replace(Data, $"data:image/jpeg;base64,{Data}", StringComparison.Ordinal) },
        {
            "another candidate",
            With("""{"candidates":[{"content":{"parts":[{"text":"Here."}]}},{"index":1,"content":{"parts":[IMAGE]}}]}""")
        },
        { "an event", $"data: {Answered}\n\n" },
        { "an event after a comment", $": keep-alive\n\nevent: message\ndata: {Answered}\n\ndata: [DONE]\n\n" },
        {
            "events with lines that end in CR LF",
            """data: {"candidates":[{"content":{"parts":[{"text":"Here"}]}}]}""" + $"\r\n\r\ndata:{Answered}\r\n\r\n"
        },
        { "an event of several lines", $"data: {Answered[..15]}\ndata: {Answered[15..]}\n\n" },
        { "a prefix against hijacking", $")]}}'\n{Answered}" },
        { "a prefix and an event", $")]}}',\n\ndata: {Answered}\n\n" },
        { "a mark of the encoding", $"\uFEFF{Answered}" },
        { "an answer in a string", $$"""{"result":{{JsonSerializer.Serialize(Answered)}}}""" },
        {
            "chat completions",
            With("""{"choices":[{"message":{"content":"","images":[{"image_url":{"url":"data:image/png;base64,DATA"}}]}}]}""")
        },
        { "a blank text beside it", With($$"""{"note":"{{new string(' ', 100)}}","data":[{"b64_json":"DATA"}]}""") },
        { "images", With("""{"created":1,"data":[{"b64_json":"DATA"}]}""") },
        { "predictions", With("""{"predictions":[{"mimeType":"image/png","bytesBase64Encoded":"DATA"}]}""") },
        {
            "a bad part before it",
            With("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"!!"}},IMAGE]}}]}""")
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_picture_is_found(string shape, string body)
    {
        foreach (int size in new[] { 1, 7, 100_000 })
        {
            Answer answer = Read(body, size);
            ImagePart image =
                Assert.Single(answer.Candidates.SelectMany(candidate => candidate.Content?.Parts ?? [])
                .OfType<ImagePart>(),
                part => part.Data.Length > 100);
            Assert.True(image.Data.ToArray().AsSpan().SequenceEqual(Picture), shape);
            Assert.Null(answer.KeptAs);
        }
    }

    [Fact]
    public void Chunks_of_a_stream_are_pieces_of_one_turn()
    {
        string chunk = """{"candidates":[{"content":{"role":"model","parts":[{"text":"One. "}]}}]}""";
        Answer answer = Read($"data: {chunk}\n\ndata: {Answered}\n\n", 3);
        Candidate candidate = Assert.Single(answer.Candidates);
        Assert.Equal("STOP", candidate.FinishReason);
        Assert.Equal("One. Here.", candidate.Content!.Text);
        Assert.Equal("sig", Encoding.ASCII.GetString(candidate.Content.Results[0].Signature!.ToArray()));
    }

    [Fact]
    public void A_picture_inside_text_is_removed_from_the_text()
    {
        Answer answer =
            Read($$$"""{"candidates":[{"content":{"parts":[{"text":"A fox. ![fox](data:image/jpeg;base64,{{{Data}}}) Enjoy!"}]}}]}""",
            50);
        Assert.Equal("A fox.  Enjoy!", answer.Candidates[0].Content!.Text);
    }

    [Fact]
    public void A_character_that_is_not_base64_damages_only_its_picture()
    {
        Answer answer = Read(Answered.Replace(Data, Data[..100] + "*" + Data[100..], StringComparison.Ordinal), 64);
        Assert.True(answer.Candidates[0].Content!.Results[0].Data.ToArray().AsSpan().SequenceEqual(Picture));
        Assert.Contains("damaged", Assert.Single(answer.Warnings));
    }

    [Theory]
    [InlineData("""{"status":"queued","id":"42"}""")]
    [InlineData("[]")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"draw"}}]}}]}""")]
    public void A_body_without_a_picture_or_text_is_saved_unchanged(string body)
    {
        Answer answer = Read(body, 10);
        Assert.Equal(body, File.ReadAllText(answer.KeptAs!));
    }

    [Fact]
    public void An_html_page_is_saved_and_the_error_names_the_file()
    {
        NbException error = Assert.Throws<NbException>(() => Read("<html>Sign in first</html>", 10));
        string path = error.Message[error.Message.LastIndexOf("kept in ", StringComparison.Ordinal)..][8..]
            .TrimEnd('.');
        Assert.Equal("<html>Sign in first</html>", File.ReadAllText(path));
        Assert.True(error.IsUncertain);
    }

    [Fact]
    public async Task A_readable_body_is_not_copied()
    {
        using var body = new RawBody(new MemoryStream(Encoding.UTF8.GetBytes(Answered)));
        body.Understood();
        Assert.Null(await body.WholeAsync(CancellationToken.None));
    }

    private static string With(string shape) =>
        shape.Replace("IMAGE", Image, StringComparison.Ordinal).Replace("DATA", Data, StringComparison.Ordinal);

    private static Answer Read(string body, int size) => AnswerReader
        .ReadAsync(new ChunkedStream(Encoding.UTF8.GetBytes(body), () => size), BlobSink.Memory, default).GetAwaiter()
        .GetResult();
}
