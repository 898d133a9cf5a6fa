using System.Globalization;
using System.Text.Json;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

public sealed partial class GeminiClient
{
    private const long ChunkSize = 8 * 1024 * 1024;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestProcessing = TimeSpan.FromMinutes(10);

    private const string UploadStatus = "X-Goog-Upload-Status";

    /// <summary>Uploads bytes; a request refers to them by the file's Uri for 48 hours. A chunk that fails is
    /// resumed.</summary>
    /// <param name="content">The bytes, 2 GB at most.</param>
    /// <param name="mimeType">Their type.</param>
    /// <param name="displayName">A name for people; null for none.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <exception cref="NbException">The service refused, was not reached, or did not complete the upload.</exception>
    internal async Task<GeminiFile> UploadAsync(
        Blob content, string mimeType, string? displayName = null, CancellationToken cancellationToken = default)
    {
        RequireGemini("files");
        if (Options.NoUpload) throw ServiceErrors.UploadsOff();
        GeminiFile file = await SendFileAsync(content, mimeType, displayName, cancellationToken).ConfigureAwait(false);
        return await ReadyAsync(file, cancellationToken).ConfigureAwait(false);
    }

    // The service may process a file before it can be used.
    private async Task<GeminiFile> ReadyAsync(GeminiFile file, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstLook;
        for (TimeSpan waited = TimeSpan.Zero; file.State == "PROCESSING"; waited += pause)
        {
            if (waited > LongestProcessing) throw ServiceErrors.FileNotReady(file.Name, waited);
            pause = waited == TimeSpan.Zero ? FirstLook : TimeSpan.FromSeconds(Math.Min(pause.TotalSeconds * 1.5, 10));
            await Task.Delay(pause, Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            GeminiFile now = await GetFileAsync(file.Name, cancellationToken).ConfigureAwait(false);
            file = now.Uri.Length > 0 ? now : now with { Uri = file.Uri };
        }
        return file.State == "FAILED" ? throw ServiceErrors.FileRejected(file.Name, "the service could not process it.")
            : file;
    }

    private async Task<GeminiFile> SendFileAsync(Blob content, string mimeType, string? displayName,
        CancellationToken cancellationToken)
    {
        UploadSession session = await StartUploadAsync(content, mimeType, displayName, cancellationToken)
            .ConfigureAwait(false);
        long offset = 0;
        int failures = 0;
        TimeSpan waited = TimeSpan.Zero;
        while (true)
        {
            TimeSpan wait;
            try
            {
                UploadStep sent = await SendChunkAsync(session, content, offset, cancellationToken)
                    .ConfigureAwait(false);
                if (sent.File is not null) return sent.File;
                offset += session.Chunk;
                if (!sent.IsActive) throw ServiceErrors.UploadFailed($"its status is '{sent.Status}'.");
                if (offset >= content.Length)
                {
                    throw ServiceErrors.UploadFailed("the service waits for more bytes than there are.");
                }
                failures = 0;
                continue;
            }
            catch (NbException e) when (e.IsRetryable)
            {
                if (RetryPolicy.NextWait(e, ++failures, waited, Options) is not { } next) throw;
                wait = next;
            }
            await Task.Delay(wait, Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            waited += wait;
            UploadStep found = await QueryUploadAsync(session, cancellationToken).ConfigureAwait(false);
            if (found.File is not null) return found.File;
            if (!found.IsActive)
            {
                throw ServiceErrors.UploadFailed($"after a broken connection its status is '{found.Status}'.");
            }
            offset = Math.Min(found.Received ?? offset, content.Length);
        }
    }

    /// <summary>Asks for a file's state. Not for result files (files/batch-...): the service refuses those.</summary>
    /// <param name="name">Such as files/abc, or the file's Uri.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task<GeminiFile> GetFileAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireGemini("files");
        var request = new WireRequest(HttpMethod.Get, Endpoint.Resource(Named("files", name)));
        JsonElement json = await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
        return GeminiFile.FromJson(json) ?? throw AnswerErrors.Unexpected("file");
    }

    /// <summary>The files at the service, page by page.</summary>
    internal IAsyncEnumerable<GeminiFile> ListFilesAsync(CancellationToken cancellationToken = default)
    {
        RequireGemini("files");
        return PagesAsync(token =>
            Endpoint.Page("files", PageSize, token), ["files"], GeminiFile.FromJson, cancellationToken);
    }

    /// <summary>Deletes a file before its 48 hours are over.</summary>
    /// <param name="name">Such as files/abc, or the file's Uri.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task DeleteFileAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireGemini("files");
        var request = new WireRequest(HttpMethod.Delete, Endpoint.Resource(Named("files", name)));
        await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a file that the service made, such as a batch's results. The caller disposes the
    /// stream.</summary>
    /// <param name="name">Such as files/batch-abc.</param>
    /// <param name="cancellationToken">Ends the opening; reading takes tokens of its own.</param>
    internal async Task<Stream> DownloadAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireGemini("files");
        Uri uri = Endpoint.Resource(Named("files", name), ":download", "?alt=media");
        return await _sender.SendAsync(
            new WireRequest(HttpMethod.Get, uri) { KeepsResponse = true },
            async (response, token) =>
            {
                Stream body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                return new DownloadStream(response, body, Options);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<UploadSession> StartUploadAsync(
        Blob content, string mimeType, string? displayName, CancellationToken cancellationToken)
    {
        string length = content.Length.ToString(CultureInfo.InvariantCulture);
        var request = new WireRequest(HttpMethod.Post, Endpoint.Upload())
        {
            Headers =
            [
                ("X-Goog-Upload-Protocol", "resumable"),
                ("X-Goog-Upload-Command", "start"),
                ("X-Goog-Upload-Header-Content-Length", length),
                ("X-Goog-Upload-Header-Content-Type", mimeType),
            ],
            Content = RequestContent.Of(json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("file");
                json.WriteString("mimeType", mimeType);
                if (displayName is not null) json.WriteString("displayName", displayName);
                json.WriteString("sizeBytes", length);
                json.WriteEndObject();
                json.WriteEndObject();
            }),
        };
        (string? address, long unit) = await _sender.SendAsync(
            request,
            (response, _) => Task.FromResult(
                (Header(response, "X-Goog-Upload-URL"), Number(response, "X-Goog-Upload-Chunk-Granularity") ?? 1)),
            cancellationToken).ConfigureAwait(false);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            throw ServiceErrors.UploadFailed("the service gave no address to send the bytes to.");
        }
        // Every chunk but the last must be a multiple of the size that the service states.
        unit = Math.Clamp(unit, 1, ChunkSize);
        return new UploadSession(Endpoint.AtThisHost(uri), (ChunkSize + unit - 1) / unit * unit);
    }

    private Task<UploadStep> SendChunkAsync(
        UploadSession session, Blob content, long offset, CancellationToken cancellationToken)
    {
        long length = Math.Min(session.Chunk, content.Length - offset);
        bool isLast = offset + length == content.Length;
        return SendUploadAsync(
            session,
            isLast ? "upload, finalize" : "upload",
            offset,
            () => new BlobContent(content, offset, length),
            retries: false,
            cancellationToken);
    }

    private Task<UploadStep> QueryUploadAsync(UploadSession session, CancellationToken cancellationToken) =>
        SendUploadAsync(session, "query", offset: null, content: null, retries: true, cancellationToken);

    private Task<UploadStep> SendUploadAsync(
        UploadSession session,
        string command,
        long? offset,
        Func<WireContent>? content,
        bool retries,
        CancellationToken cancellationToken)
    {
        List<(string, string)> headers = [("X-Goog-Upload-Command", command)];
        if (offset is { } at) headers.Add(("X-Goog-Upload-Offset", at.ToString(CultureInfo.InvariantCulture)));
        var request =
            new WireRequest(HttpMethod.Post, session.Uri) { Headers = headers, Content = content, Retries = retries };
        return _sender.SendAsync(
            request,
            async (response, token) =>
            {
                string status = Header(response, UploadStatus) ?? "";
                bool isFinal = status.Equals("final", StringComparison.OrdinalIgnoreCase);
                JsonElement json = isFinal
                    ? await HttpSender.ReadJsonAsync(response, mayBeBilled: false, token).ConfigureAwait(false)
                    : default;
                return new UploadStep(status, Number(response, "X-Goog-Upload-Size-Received"),
                    GeminiFile.FromJson(json));
            },
            cancellationToken);
    }

    private void RequireGemini(string what)
    {
        if (Endpoint.IsVertex) throw ServiceErrors.NotOnVertex(what);
    }

    /// <summary>The resource name from an id, a name, or an address.</summary>
    private static string Named(string collection, string name)
    {
        int at = name.LastIndexOf(collection + "/", StringComparison.Ordinal);
        return at < 0 ? $"{collection}/{name}" : name[at..];
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    private static long? Number(HttpResponseMessage response, string name) =>
        long.TryParse(Header(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : null;

    private sealed record UploadSession(Uri Uri, long Chunk);

    private sealed record UploadStep(string Status, long? Received, GeminiFile? File)
    {
        public bool IsActive => Status.Equals("active", StringComparison.OrdinalIgnoreCase);
    }
}
