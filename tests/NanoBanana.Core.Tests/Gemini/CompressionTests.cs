using System.IO.Compression;
using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

/// <summary>Answers that something on the way compressed.</summary>
public sealed class CompressionTests
{
    private const string Good =
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]},"finishReason":"STOP"}]}""";

    private static readonly GenerateCall Call =
        new() { Model = "gemini-x", Contents = [new Turn("user", [new TextPart("a fox")])] };

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    public async Task A_compressed_answer_is_read(string encoding)
    {
        Answer answer = await Client(Packed(Good, encoding), encoding, 200).GenerateAsync(Call, BlobSink.Memory);
        Assert.Equal("hi", answer.Candidates[0].Content!.Text);
    }

    [Fact]
    public async Task A_compressed_answer_whose_header_got_lost_is_read()
    {
        Answer answer = await Client(Packed(Good, "gzip"), "identity", 200).GenerateAsync(Call, BlobSink.Memory);
        Assert.Equal("hi", answer.Candidates[0].Content!.Text);
    }

    [Theory]
    [InlineData("zstd", ".json.zst", false)]
    [InlineData("identity", ".json.zst", false)]
    [InlineData("snappy", ".json.snappy", false)]
    [InlineData("zstd", ".json.zst", true)]
    public async Task An_answer_with_unknown_compression_is_saved_unchanged(
        string encoding, string extension, bool isObserved)
    {
        using var folder = new TemporaryFolder();
        // No letters: other tests' keys are hidden in whatever is kept.
        byte[] body = [0x28, 0xB5, 0x2F, 0xFD, .. Enumerable.Range(0, 300).Select(i => (byte)(i | 0x80))];
        NbException e = await Assert.ThrowsAsync<NbException>(() => Client(body, encoding, 200, isObserved)
            .GenerateAsync(Call, BlobSink.Files(new BlobStore(folder.Path))));
        Assert.Equal(("Nb.Answer.Encoded", true), (e.ErrorId, e.IsUncertain));
        string kept = Assert.Single(Directory.GetFiles(folder.Path, "*" + extension, SearchOption.AllDirectories));
        Assert.Contains(kept, e.Message, StringComparison.Ordinal);
        Assert.Equal(body, await File.ReadAllBytesAsync(kept));
    }

    [Fact]
    public async Task A_compressed_error_is_read()
    {
        GeminiClient client =
            Client(Packed("""{"error":{"code":400,"message":"the words","status":"INVALID_ARGUMENT"}}""", "gzip"),
            "gzip", 400);
        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GenerateAsync(Call, BlobSink.Memory));
        Assert.Contains("the words", e.Message);
    }

    [Theory]
    [InlineData("zstd", "Nb.Answer.Encoded")]
    [InlineData("gzip", "Nb.Answer.Malformed")]
    public async Task An_answer_that_cannot_be_decompressed_is_uncertain(string encoding, string id)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Client(Encoding.UTF8.GetBytes("no such thing"), encoding, 200).GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal((id, true), (e.ErrorId, e.IsUncertain));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task A_decompression_bomb_is_stopped(string encoding)
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Client(Packed("{\"x\":\"" + new string(' ', 200_000_000) + "\"}", encoding), encoding, 200)
                .GenerateAsync(Call, BlobSink.Memory));
        Assert.Equal(("Nb.Answer.Malformed", true), (e.ErrorId, e.IsUncertain));
        Assert.Contains("compressed bytes become more than", e.Message);
    }

    private static GeminiClient Client(byte[] body, string encoding, int status, bool isObserved = false)
    {
        Func<Asked, CancellationToken, Task<HttpResponseMessage>> answer = Body(body, status);
        return Free.Client(new ScriptedHandler(async (asked, token) =>
        {
            HttpResponseMessage response = await answer(asked, token);
            foreach (string name in encoding.Replace("raw ", "", StringComparison.Ordinal).Split(", "))
            {
                response.Content.Headers.ContentEncoding.Add(name);
            }
            return response;
        }), observeBody: isObserved ? _ => { } : null);
    }

    private static byte[] Packed(string text, string encodings)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (string encoding in encodings.Split(", "))
        {
            using var packed = new MemoryStream();
            using (Stream packing = encoding switch
            {
                "deflate" => new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true),
                "raw deflate" => new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true),
                "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "identity" => packed,
                _ => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            })
            {
                packing.Write(bytes);
            }
            bytes = packed.ToArray();
        }
        return bytes;
    }
}
