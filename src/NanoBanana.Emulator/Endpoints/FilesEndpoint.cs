using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>files.get, list, delete and download.</summary>
internal sealed class FilesEndpoint(FileStore files)
{
    private const int MaxIdLength = 40;
    private const int DefaultPageSize = 10;
    private const int MaxPageSize = 100;

    public EmulatorResponse List(RequestContext context)
    {
        (IReadOnlyList<StoredFile> page, string? next) =
            Paging.Page(files.Uploaded, context.Request, DefaultPageSize, MaxPageSize);
        WireObject body = [];
        if (page.Count > 0) body.Add("files", page.Select(file => ToWire(file, context)).ToArray());
        body.AddIfAny("nextPageToken", next);
        return EmulatorResponse.Json(200, body);
    }

    public EmulatorResponse Get(RequestContext context)
    {
        CheckLength(context.Path.Id!, "GetFileRequest");
        return EmulatorResponse.Json(200, ToWire(files.Get(context.Path.Id!), context));
    }

    public EmulatorResponse Delete(RequestContext context)
    {
        CheckLength(context.Path.Id!, "DeleteFileRequest");
        files.Delete(context.Path.Id!);
        return EmulatorResponse.Json(200, new WireObject());
    }

    /// <summary>The bytes of a result file. Uploaded files cannot be downloaded.</summary>
    public EmulatorResponse Download(RequestContext context)
    {
        StoredFile file = files.Get(context.Path.Id!);
        if (file.State(files.Now) != "ACTIVE") throw ServiceException.NotFound("Requested entity was not found.");
        if (!file.IsGenerated)
        {
            throw ServiceException.InvalidArgument($"File {file.Id} was uploaded and cannot be downloaded.");
        }
        if (context.Request.Query.GetValueOrDefault("alt") != "media")
        {
            return EmulatorResponse.Json(200, ToWire(file, context));
        }
        return new EmulatorResponse
        {
            Status = 200,
            Headers = [new("Content-Type", file.MimeType)],
            Body = EmulatorResponse.Chunks(file.Content.Chunks()),
            Length = file.Content.Length,
            IsStreamed = true,
        };
    }

    private WireObject ToWire(StoredFile file, RequestContext context) =>
        file.ToWire(context.Request.BaseUri, context.Path.Version, files.Now);

    // The service names its own result files with 42 characters and then refuses to get them.
    private static void CheckLength(string id, string request)
    {
        if (id.Length > MaxIdLength)
        {
            throw ServiceException.InvalidArgument(
                $"* {request}.name: File ID (name excluding 'files/') cannot be more than {MaxIdLength} characters.\n");
        }
    }
}
