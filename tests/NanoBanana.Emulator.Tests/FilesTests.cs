using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Tests;

public sealed class FilesTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task An_upload_in_chunks_becomes_a_file()
    {
        byte[] image =
            (await _emulator.GenerateAsync("a fox", config: """{"imageConfig":{"aspectRatio":"16:9"}}""")).Image;
        string uri = await StartAsync(image.Length);
        await SendAsync(uri, "upload", 0, image[..1000]);
        Answer final = await SendAsync(uri, "upload, finalize", 1000, image[1000..]);
        JsonNode file = final.Json["file"]!;

        Assert.Equal("final", Header(final, "X-Goog-Upload-Status"));
        Assert.Equal(image.Length.ToString(), file["sizeBytes"]!.GetValue<string>());
        Assert.Equal("ACTIVE", file["state"]!.GetValue<string>());
        Answer used = await _emulator.GenerateAsync(new JsonArray(FileTurn(file["uri"]!.GetValue<string>())));
        Assert.Equal((1376, 768), Answer.Size(used.Image));
        Assert.Equal([EmulatorPicture.BandFor(image)], used.Picture.Bands);
    }

    [Fact]
    public async Task A_wrong_offset_is_refused_and_the_upload_goes_on()
    {
        string uri = await StartAsync(6);
        await SendAsync(uri, "upload", 0, "abc"u8.ToArray());
        Answer wrong = await SendAsync(uri, "upload, finalize", 2, "def"u8.ToArray());
        Answer query = await SendAsync(uri, "query", null, []);
        Answer right = await SendAsync(uri, "upload, finalize", 3, "def"u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("3", Header(wrong, "X-Goog-Upload-Size-Received"));
        Assert.Equal("active", Header(query, "X-Goog-Upload-Status"));
        Assert.Equal("3", Header(query, "X-Goog-Upload-Size-Received"));
        Assert.Equal(HttpStatusCode.OK, right.Status);
    }

    [Fact]
    public async Task A_file_expires_after_48_hours_on_the_emulators_clock()
    {
        JsonNode file = await UploadAsync("abc"u8.ToArray(), "text/plain");
        string name = file["name"]!.GetValue<string>();
        _emulator.Service.Advance(TimeSpan.FromHours(47));
        Answer before = await _emulator.GetAsync($"v1beta/{name}");
        _emulator.Service.Advance(TimeSpan.FromHours(1));
        Answer after = await _emulator.GetAsync($"v1beta/{name}");
        Answer used = await _emulator.GenerateAsync(new JsonArray(FileTurn(file["uri"]!.GetValue<string>())));

        Assert.Equal(HttpStatusCode.OK, before.Status);
        Assert.Equal(HttpStatusCode.Forbidden, after.Status);
        Assert.Equal("PERMISSION_DENIED", used.ErrorStatus);
        Assert.Contains("or it may not exist", used.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_listed_and_deleted()
    {
        for (int count = 0; count < 3; count++) await UploadAsync("abc"u8.ToArray(), "text/plain");
        Answer page = await _emulator.GetAsync("v1beta/files?pageSize=2");
        Answer rest = await _emulator.GetAsync($"v1beta/files?pageSize=2&pageToken={page.Json["nextPageToken"]}");
        string name = rest.Json["files"]![0]!["name"]!.GetValue<string>();
        using HttpResponseMessage deleted = await _emulator.Client.DeleteAsync($"v1beta/{name}");

        Assert.Equal(2, page.Json["files"]!.AsArray().Count);
        Assert.Single(rest.Json["files"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _emulator.GetAsync($"v1beta/{name}")).Status);
    }

    [Fact]
    public async Task An_uploaded_file_cannot_be_downloaded()
    {
        JsonNode file = await UploadAsync("abc"u8.ToArray(), "text/plain");
        Answer answer = await _emulator.GetAsync($"v1beta/{file["name"]}:download?alt=media");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    internal static JsonObject FileTurn(string uri) => new()
    {
        ["role"] = "user",
        ["parts"] = new JsonArray(
            new JsonObject { ["text"] = "the same at night" },
            new JsonObject { ["fileData"] = new JsonObject { ["mimeType"] = "image/jpeg", ["fileUri"] = uri } }),
    };

    private async Task<JsonNode> UploadAsync(byte[] bytes, string mimeType)
    {
        string uri = await StartAsync(bytes.Length, mimeType);
        return (await SendAsync(uri, "upload, finalize", 0, bytes)).Json["file"]!;
    }

    private async Task<string> StartAsync(int length, string mimeType = "image/jpeg")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "upload/v1beta/files");
        request.Headers.Add("X-Goog-Upload-Protocol", "resumable");
        request.Headers.Add("X-Goog-Upload-Command", "start");
        request.Headers.Add("X-Goog-Upload-Header-Content-Length", length.ToString());
        request.Headers.Add("X-Goog-Upload-Header-Content-Type", mimeType);
        request.Content = new StringContent(
            $$$"""{"file":{"mimeType":"{{{mimeType}}}","sizeBytes":"{{{length}}}"}}""", Encoding.UTF8,
                "application/json");
        using HttpResponseMessage response = await _emulator.Client.SendAsync(request);
        return response.Headers.GetValues("X-Goog-Upload-URL").Single();
    }

    private async Task<Answer> SendAsync(string uri, string command, int? offset, byte[] bytes)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, uri);
        request.Headers.Add("X-Goog-Upload-Command", command);
        if (offset is not null) request.Headers.Add("X-Goog-Upload-Offset", offset.ToString());
        request.Content = new ByteArrayContent(bytes);
        using HttpResponseMessage response = await _emulator.Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static string Header(Answer answer, string name) => answer.Message.Headers.GetValues(name).Single();
}
