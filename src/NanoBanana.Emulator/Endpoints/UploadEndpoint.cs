using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>The resumable upload: start, chunks at their offsets, query, finalize, cancel.</summary>
internal sealed partial class UploadEndpoint(EmulatorOptions options, FileStore files) : IDisposable
{
    private const string StatusHeader = "X-Goog-Upload-Status";
    private const string ReceivedHeader = "X-Goog-Upload-Size-Received";
    private const int MaxStartBody = 1024 * 1024;
    private static readonly TimeSpan DefaultProcessing = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Removes unfinished uploads; finished ones belong to the files.</summary>
    public void Dispose()
    {
        foreach (UploadSession session in _sessions.Values) session.Content?.Dispose();
    }

    public async Task<EmulatorResponse> HandleAsync(RequestContext context, CancellationToken cancellationToken)
    {
        EmulatorRequest request = context.Request;
        string[] commands = (request.Header("X-Goog-Upload-Command") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(command => command.ToLowerInvariant()).ToArray();
        if (commands.Contains("start")) return await StartAsync(context, cancellationToken).ConfigureAwait(false);

        if (!request.Query.TryGetValue("upload_id", out string? id)
            || !_sessions.TryGetValue(id, out UploadSession? session))
        {
            throw ServiceException.NotFound("Upload session not found.");
        }
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ContinueAsync(context, id, session, commands, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            session.Gate.Release();
        }
    }

    private async Task<EmulatorResponse> StartAsync(RequestContext context, CancellationToken cancellationToken)
    {
        EmulatorRequest request = context.Request;
        if (!"resumable".Equals(request.Header("X-Goog-Upload-Protocol"), StringComparison.OrdinalIgnoreCase))
        {
            throw ServiceException.InvalidArgument("The emulator only knows the upload protocol \"resumable\".");
        }
        JsonElement body = await context.ReadJsonAsync(MaxStartBody, cancellationToken).ConfigureAwait(false);
        RequestSchema.Check(body, "CreateFileRequest", vertex: false);
        JsonElement file = body.Field("file") ?? default;

        string? name = file.Text("name");
        if (name is not null && !FileName().IsMatch(name))
        {
            throw ServiceException.InvalidArgument(
                "* CreateFileRequest.file.name: File ID (name excluding 'files/') must be lowercase letters, digits and inner "
                + "dashes, 40 characters at most.\n");
        }

        long? length = long.TryParse(
            request.Header("X-Goog-Upload-Header-Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture,
                out long number)
            ? number
            : null;
        if (length > options.FileLimit)
        {
            throw ServiceException.InvalidArgument($"File size exceeds the limit: {options.FileLimit} bytes.");
        }
        UploadSession session = new()
        {
            FileId = name?["files/".Length..],
            DisplayName = file.Text("displayName"),
            MimeType = file.Text("mimeType") ?? request.Header("X-Goog-Upload-Header-Content-Type")
                ?? "application/octet-stream",
            AnnouncedLength = length,
            Processing = Processing(context),
            Fails = context.Rule(FaultKind.FileFailed) is not null,
        };
        string id = NameMaker.Create(24);
        _sessions[id] = session;
        Uri uploadUri =
            request.Address($"upload/{context.Path.Version}/files?upload_id={id}&upload_protocol=resumable");
        return EmulatorResponse.Bytes(200, "text/plain; charset=utf-8", default)
            .With("X-Goog-Upload-URL", uploadUri.ToString())
            .With("X-Goog-Upload-Control-URL", uploadUri.ToString())
            .With("X-Goog-Upload-Chunk-Granularity", "262144")
            .With("X-GUploader-UploadID", id)
            .With(StatusHeader, "active");
    }

    private async Task<EmulatorResponse> ContinueAsync(
        RequestContext context, string id, UploadSession session, string[] commands,
            CancellationToken cancellationToken)
    {
        if (commands is ["query"])
        {
            return session.Content is { } received
                ? Empty(200).With(StatusHeader, "active").With(ReceivedHeader, Received(received))
                : Empty(200).With(StatusHeader, "final");
        }

        if (session.Content is not { } content)
        {
            return Refused("Upload has already been finalized.").With(StatusHeader, "final");
        }
        if (commands is ["cancel"])
        {
            // Requests that waited for the lock find the session gone.
            if (_sessions.TryRemove(id, out _)) content.Dispose();
            return Empty(200).With(StatusHeader, "cancelled");
        }

        if (!_sessions.ContainsKey(id)) throw ServiceException.NotFound("Upload session not found.");
        if (commands.Contains("upload"))
        {
            string? offset = context.Request.Header("X-Goog-Upload-Offset");
            if (offset != Received(content))
            {
                return Refused($"Invalid upload offset {offset}: {Received(content)} bytes were received.")
                    .With(StatusHeader, "active").With(ReceivedHeader, Received(content));
            }

            await AppendAsync(context, content, cancellationToken).ConfigureAwait(false);
        }

        if (!commands.Contains("finalize"))
        {
            return Empty(200).With(StatusHeader, "active").With(ReceivedHeader, Received(content));
        }
        if (session.AnnouncedLength is { } announced && announced != content.Length)
        {
            return Refused($"Upload has {content.Length} bytes, but {announced} were announced.")
                .With(StatusHeader, "active").With(ReceivedHeader, Received(content));
        }

        StoredFile file = files.Add(
            session.FileId, session.DisplayName, session.MimeType, content, isGenerated: false,
            session.Processing > TimeSpan.Zero ? session.Processing : Processing(context), session.Fails
                || context.Rule(FaultKind.FileFailed) is not null);
        session.Content = null;
        WireObject body = new() { { "file", file.ToWire(context.Request.BaseUri, context.Path.Version, files.Now) } };
        return EmulatorResponse.Json(200, body).With(StatusHeader, "final");
    }

    // Bytes that arrived before a connection broke are kept: the client asks for their number and continues from there.
    private async Task AppendAsync(RequestContext context, Spool content, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int count = await context.Request.Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0) return;
            if (content.Length + count > options.FileLimit)
            {
                throw ServiceException.InvalidArgument($"File size exceeds the limit: {options.FileLimit} bytes.");
            }
            content.Append(buffer.AsSpan(0, count));
            context.Entry.BodyLength += count;
        }
    }

    private static TimeSpan Processing(RequestContext context) => context.Rule(FaultKind.FileProcessing) is { } rule
        ? rule.Delay > TimeSpan.Zero ? rule.Delay : DefaultProcessing
        : TimeSpan.Zero;

    private static EmulatorResponse Empty(int status) =>
        EmulatorResponse.Bytes(status, "text/plain; charset=utf-8", default);

    private static EmulatorResponse Refused(string message) =>
        EmulatorResponse.Error(ServiceException.InvalidArgument(message));

    private static string Received(Spool content) => content.Length.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^files/[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
