using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

public sealed class FilesTests
{
    private const int Chunk = 8 * 1024 * 1024;
    private const string File =
        """{"file":{"name":"files/abc","uri":"https://x/v1beta/files/abc","mimeType":"image/png","sizeBytes":"70","expirationTime":"2026-11-23T10:00:00.5Z","state":"ACTIVE"}}""";

    private static readonly Func<Asked, CancellationToken, Task<HttpResponseMessage>> Started =
        Json("", 200,
            ("X-Goog-Upload-URL",
            "https://elsewhere.example/upload/v1beta/files?upload_id=u1&upload_protocol=resumable"),
            ("X-Goog-Upload-Status", "active"));

    private static readonly Func<Asked, CancellationToken, Task<HttpResponseMessage>> Active =
        Json("", 200, ("X-Goog-Upload-Status", "active"));

    private static readonly Func<Asked, CancellationToken, Task<HttpResponseMessage>> Final =
        Json(File, 200, ("X-Goog-Upload-Status", "final"));

    [Fact]
    public async Task A_small_file_is_uploaded_in_one_chunk()
    {
        byte[] bytes = Bytes(70);
        var handler = new ScriptedHandler(Started, Final);
        GeminiFile file = await Free.Client(handler).UploadAsync(Blob.FromBytes(bytes), "image/png", "anchor");

        Assert.Equal(("files/abc", "https://x/v1beta/files/abc", 70L, "ACTIVE"),
            (file.Name, file.Uri, file.Length, file.State));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 0, 0, 500, TimeSpan.Zero), file.ExpiresAt);
        Asked start = handler.Requests[0];
        Assert.Equal("https://generativelanguage.googleapis.com/upload/v1/files", start.Uri.AbsoluteUri);
        Assert.Equal("""{"file":{"mimeType":"image/png","displayName":"anchor","sizeBytes":"70"}}""", start.Text);
        Assert.Equal(
            ("resumable", "start", "70", "image/png"),
            (start.Headers["X-Goog-Upload-Protocol"], start.Headers["X-Goog-Upload-Command"],
            start.Headers["X-Goog-Upload-Header-Content-Length"], start.Headers["X-Goog-Upload-Header-Content-Type"]));
        Asked sent = handler.Requests[1];
        Assert.Equal(("generativelanguage.googleapis.com", "?upload_id=u1&upload_protocol=resumable"),
            (sent.Uri.Host, sent.Uri.Query));
        Assert.Equal(("upload, finalize", "0"),
            (sent.Headers["X-Goog-Upload-Command"], sent.Headers["X-Goog-Upload-Offset"]));
        Assert.Equal(bytes, sent.Body);
    }

    [Theory]
    [InlineData(Chunk, 1)]
    [InlineData(Chunk + 1, 2)]
    [InlineData(3 * Chunk, 3)]
    public async Task A_large_file_is_uploaded_in_chunks(int length, int chunks)
    {
        byte[] bytes = Bytes(length);
        var handler = new ScriptedHandler([Started, .. Enumerable.Repeat(Active, chunks - 1), Final]);
        await Free.Client(handler).UploadAsync(Blob.FromBytes(bytes), "application/jsonl");

        Assert.Equal(bytes, handler.Requests.Skip(1).SelectMany(asked => asked.Body).ToArray());
        Assert.All(handler.Requests.Skip(1).Take(chunks - 1), asked =>
            Assert.Equal("upload", asked.Headers["X-Goog-Upload-Command"]));
        Assert.Equal("upload, finalize", handler.Requests[^1].Headers["X-Goog-Upload-Command"]);
    }

    [Fact]
    public async Task A_broken_chunk_is_resumed_where_the_service_stopped()
    {
        byte[] bytes = Bytes(2 * Chunk + 1000);
        string path = Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllBytes(path, bytes);
            var time = new FakeTime(TimeSpan.FromSeconds(300));
            var handler = new ScriptedHandler(
                Started,
                Fails(new HttpRequestException("reset")),
                Json("", 200, ("X-Goog-Upload-Status", "active"), ("X-Goog-Upload-Size-Received", "262144")),
                Active,
                Json("", 503),
                Json("", 200, ("X-Goog-Upload-Status", "active"), ("X-Goog-Upload-Size-Received", $"{262144 + Chunk}")),
                Final);
            GeminiFile file = await Free.Client(handler, time).UploadAsync(Blob.FromFile(path), "image/png");

            Assert.Equal("files/abc", file.Name);
            Assert.Equal("query", handler.Requests[2].Headers["X-Goog-Upload-Command"]);
            Assert.Equal("262144", handler.Requests[3].Headers["X-Goog-Upload-Offset"]);
            Assert.Equal(bytes[262144..(262144 + Chunk)], handler.Requests[3].Body);
            Assert.Equal(bytes[(262144 + Chunk)..], handler.Requests[6].Body);
            Assert.Equal(2, time.Waits.Count);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public async Task An_upload_whose_final_answer_was_lost_is_complete()
    {
        var handler = new ScriptedHandler(Started, Fails(new HttpRequestException("reset")), Final);
        Assert.Equal("files/abc", (await Free.Client(handler).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png")).Name);
    }

    [Fact]
    public async Task An_upload_with_every_byte_is_only_finalized()
    {
        var all = Json("", 200, ("X-Goog-Upload-Status", "active"), ("X-Goog-Upload-Size-Received", "5"));
        var handler = new ScriptedHandler(Started, Fails(new HttpRequestException("reset")), all, Final);
        await Free.Client(handler).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png");
        Assert.Empty(handler.Requests[3].Body);
        Assert.Equal("upload, finalize", handler.Requests[3].Headers["X-Goog-Upload-Command"]);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("active")]
    [InlineData("")]
    public async Task An_upload_that_the_service_gives_up_is_an_error(string status)
    {
        var handler = new ScriptedHandler(Started, Json("", 200, ("X-Goog-Upload-Status", status)));
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(handler).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png"));
        Assert.Equal("Nb.Service.UploadFailed", e.ErrorId);
    }

    [Fact]
    public async Task An_upload_that_always_breaks_ends_with_its_error()
    {
        var broken = Fails(new HttpRequestException("reset"));
        var query = Json("", 200, ("X-Goog-Upload-Status", "active"), ("X-Goog-Upload-Size-Received", "0"));
        var handler = new ScriptedHandler(Started, broken, query, broken, query, broken, query, broken);
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(handler).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png"));
        Assert.Equal("Nb.Service.ConnectionLost", e.ErrorId);
        Assert.False(e.IsUncertain);
    }

    [Fact]
    public async Task A_file_that_is_being_processed_is_waited_for()
    {
        var handler = new ScriptedHandler(
            Started,
            Json("""{"file":{"name":"files/abc","uri":"https://x/files/abc","state":"PROCESSING"}}""", 200,
                ("X-Goog-Upload-Status", "final")),
            Json("""{"name":"files/abc","state":"PROCESSING"}"""),
            Json("""{"name":"files/abc","uri":"https://x/files/abc","state":"ACTIVE"}"""));
        GeminiFile file = await Free.Client(handler).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png");
        Assert.Equal(("ACTIVE", "https://x/files/abc"), (file.State, file.Uri));
    }

    [Fact]
    public async Task A_file_that_could_not_be_processed_is_an_error()
    {
        var handler = new ScriptedHandler(
            Started,
            Json("""{"file":{"name":"files/abc","uri":"https://x/files/abc","state":"PROCESSING"}}""", 200,
                ("X-Goog-Upload-Status", "final")),
            Json("""{"name":"files/abc","state":"FAILED"}"""));
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(handler).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png"));
        Assert.Equal("Nb.Service.FileRejected", e.ErrorId);
    }

    [Fact]
    public async Task An_upload_without_an_address_is_an_error()
    {
        NbException e = await Assert.ThrowsAsync<NbException>(
            () => Free.Client(new ScriptedHandler(Json(""))).UploadAsync(Blob.FromBytes(Bytes(5)), "image/png"));
        Assert.Equal("Nb.Service.UploadFailed", e.ErrorId);
    }

    [Theory]
    [InlineData("files/abc")]
    [InlineData("abc")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/files/abc")]
    public async Task A_file_is_asked_for_and_deleted_by_any_of_its_names(string name)
    {
        var handler = new ScriptedHandler(Json("""{"name":"files/abc","state":"PROCESSING"}"""), Json("{}"));
        GeminiClient client = Free.Client(handler);
        Assert.Equal("PROCESSING", (await client.GetFileAsync(name)).State);
        await client.DeleteFileAsync(name);
        Assert.Equal(
            ["GET /v1/files/abc", "DELETE /v1/files/abc"],
            handler.Requests.Select(asked => $"{asked.Method} {asked.Uri.PathAndQuery}"));
    }

    [Fact]
    public async Task Files_are_listed()
    {
        var handler =
            new ScriptedHandler(Json("""{"files":[{"name":"files/a"}],"nextPageToken":"x"}"""),
            Json("""{"files":[{"name":"files/b"}]}"""));
        Assert.Equal(["files/a", "files/b"],
            await Free.Client(handler).ListFilesAsync().Select(file => file.Name).ToListAsync());
    }

    [Fact]
    public async Task A_break_in_a_download_is_reported_as_a_broken_download()
    {
        var handler = new ScriptedHandler(Body([1, 2, 3]), Broken("abc"));
        GeminiClient client = Free.Client(handler);
        using (Stream whole = await client.DownloadAsync("files/batch-x"))
        {
            var copy = new MemoryStream();
            await whole.CopyToAsync(copy);
            Assert.Equal([1, 2, 3], copy.ToArray());
        }
        Assert.Equal("/v1/files/batch-x:download?alt=media", handler.Requests[0].Uri.PathAndQuery);

        using Stream broken = await client.DownloadAsync("files/batch-x");
        NbException e = await Assert.ThrowsAsync<NbException>(() => broken.CopyToAsync(Stream.Null));
        Assert.Equal(("Nb.Service.DownloadBroken", true), (e.ErrorId, e.IsRetryable));
    }

    [Fact]
    public async Task Vertex_has_no_files()
    {
        using var client = new GeminiClient(GeminiEndpoint.ForVertex("p", "global"), GeminiCredential.None);
        NbException e = await Assert.ThrowsAsync<NbException>(() => client.GetFileAsync("a"));
        Assert.Equal("Nb.Service.NotOnVertex", e.ErrorId);
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
