using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

public sealed class RequestWriterTests
{
    private static readonly GenerateCall Simple =
        new() { Model = "m", Contents = [new Turn("user", [new TextPart("a fox")])] };

    [Fact]
    public void Unset_options_are_not_sent() => Assert.Equal(
        """{"contents":[{"role":"user","parts":[{"text":"a fox"}]}]}""",
        RequestText.Raw(RequestWriter.Write(Simple)));

    [Fact]
    public void Set_options_are_written_as_the_official_sdk_writes_them() => Assert.Equal(
        """
        {"contents":[{"role":"user","parts":[{"text":"a fox"},
        {"inlineData":{"mimeType":"image/png","data":"AQIDBA=="}},
        {"fileData":{"mimeType":"image/png","fileUri":"https://x/v1beta/files/abc"}}]}],
        "systemInstruction":{"role":"user","parts":[{"text":"be brief"}]},
        "safetySettings":[{"category":"HARM_CATEGORY_DANGEROUS_CONTENT","threshold":"BLOCK_ONLY_HIGH"}],
        "tools":[{"googleSearch":{}}],
        "generationConfig":{"responseModalities":["TEXT","IMAGE"],
        "imageConfig":{"aspectRatio":"16:9","imageSize":"2K"},
        "thinkingConfig":{"thinkingLevel":"HIGH","includeThoughts":true},"seed":7}}
        """.ReplaceLineEndings(""),
        RequestText.Raw(RequestWriter.Write(new GenerateCall
        {
            Model = "m",
            Contents =
            [
                new Turn("user",
                [
                    new TextPart("a fox"),
                    new ImagePart(Blob.FromBytes(new byte[] { 1, 2, 3, 4 }), "image/png"),
                    new FilePart("https://x/v1beta/files/abc", "image/png"),
                ]),
            ],
            SystemInstruction = "be brief",
            SafetySettings = [new SafetySetting("HARM_CATEGORY_DANGEROUS_CONTENT", "BLOCK_ONLY_HIGH")],
            Tools = Searches("web"),
            ResponseModalities = ["TEXT", "IMAGE"],
            AspectRatio = "16:9",
            ImageSize = "2K",
            ThinkingLevel = "High",
            IncludeThoughts = true,
            Seed = 7,
        })));

    [Theory]
    [InlineData("image,web", """{"googleSearch":{"searchTypes":{"webSearch":{},"imageSearch":{}}}}""")]
    [InlineData("image", """{"googleSearch":{"searchTypes":{"imageSearch":{}}}}""")]
    [InlineData("web", """{"googleSearch":{}}""")]
    public void Searches_are_named(string names, string tool)
    {
        GenerateCall call = Simple with { Tools = Searches(names.Split(',')) };
        Assert.Equal(tool, RequestText.Of(call)["tools"]![0]!.ToJsonString());
    }

    private static ImmutableArray<ModelTool> Searches(params string[] names) =>
        [.. ModelCatalog.BuiltIn.Tools.Where(tool => names.Contains(tool.Name))];

    [Fact]
    public void A_configuration_has_only_the_options_that_are_set()
    {
        Assert.Equal("""{"imageConfig":{"imageSize":"512"}}""", Config(Simple with { ImageSize = "512" }));
        Assert.Equal("""{"imageConfig":{"aspectRatio":"1:1"}}""", Config(Simple with { AspectRatio = "1:1" }));
        Assert.Equal("""{"thinkingConfig":{"includeThoughts":true}}""", Config(Simple with { IncludeThoughts = true }));
        Assert.Equal("""{"seed":0}""", Config(Simple with { Seed = 0 }));

        static string Config(GenerateCall call) => RequestText.Of(call)["generationConfig"]!.ToJsonString();
    }

    [Fact]
    public void Text_stays_readable_and_valid()
    {
        const string Text = "é 狐 🦊 <b> & ' \" \\ \n \u0001 \uD83D";
        string raw = RequestText.Raw(
            RequestWriter.Write(Simple with { Contents = [new Turn("user", [new TextPart(Text)])] }));
        Assert.Contains("é 狐", raw);
        Assert.Contains("<b> & '", raw);
        string back = JsonDocument.Parse(raw).RootElement.GetProperty("contents")[0].GetProperty("parts")[0]
            .GetProperty("text").GetString()!;
        Assert.Equal(Text.Replace('\uD83D', '\uFFFD'), back);
    }

    [Fact]
    public void A_blob_of_any_size_is_sent_as_its_base64() => Properties.ForSeeds(
        random =>
        {
            byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(300_000) : random.Next(100)];
            random.NextBytes(bytes);
            string path = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(path, bytes);
                GenerateCall call = Simple with
                {
                    Contents = [new Turn("user",
                        [new ImagePart(Blob.FromFile(path), "a/b") { Signature = Blob.FromBytes(bytes) }])],
                };
                JsonElement part = JsonDocument.Parse(RequestText.Raw(RequestWriter.Write(call)))
                    .RootElement.GetProperty("contents")[0].GetProperty("parts")[0];
                Assert.Equal(bytes, part.GetProperty("inlineData").GetProperty("data").GetBytesFromBase64());
                Assert.Equal(bytes, part.GetProperty("thoughtSignature").GetBytesFromBase64());
            }
            finally
            {
                File.Delete(path);
            }
        },
        runs: 60);

    [Fact]
    public void A_line_of_a_batch_is_one_line_with_key_and_request()
    {
        string raw = RequestText.Raw(RequestWriter.WriteBatchLine("a\nb", Simple));
        Assert.Equal("""{"key":"a\nb","request":{"contents":[{"role":"user","parts":[{"text":"a fox"}]}]}}""", raw);
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_sent_is_an_error()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[10]);
            RequestBody body = RequestWriter.Write(
                Simple with { Contents = [new Turn("user", [new ImagePart(Blob.FromFile(path), "a/b")])] });
            File.WriteAllBytes(path, new byte[9]);
            NbException e = Assert.Throws<NbException>(
                () => body.WriteToAsync(Stream.Null, default).GetAwaiter().GetResult());
            Assert.Equal("Nb.Blob.Damaged", e.ErrorId);
            Assert.Equal(path, e.Target);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
