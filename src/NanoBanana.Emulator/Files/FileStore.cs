using System.Collections.Concurrent;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Files;

/// <summary>Uploaded files and results of batches, until they expire.</summary>
internal sealed class FileStore(EmulatorOptions options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, StoredFile> _files = new(StringComparer.Ordinal);

    /// <summary>Newest first, as the service lists them; results of batches are not listed.</summary>
    public IReadOnlyList<StoredFile> Uploaded =>
    [
        .. _files.Values.Where(file => !file.IsGenerated && !IsExpired(file))
            .OrderByDescending(file => file.Created).ThenBy(file => file.Id, StringComparer.Ordinal),
    ];

    public void Dispose()
    {
        foreach (StoredFile file in _files.Values) file.Content.Dispose();
    }

    /// <summary>When the files are, as of now.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public StoredFile Add(
        string? id, string? displayName, string mimeType, Spool content, bool isGenerated,
            TimeSpan processing = default, bool hasFailed = false)
    {
        DateTimeOffset now = time.GetUtcNow();
        StoredFile file = new()
        {
            Id = id ?? NameMaker.Create(12),
            DisplayName = displayName,
            MimeType = mimeType,
            Created = now,
            Expires = now + options.FileLifetime,
            Content = content,
            IsGenerated = isGenerated,
            Ready = now + processing,
            HasFailed = hasFailed,
        };
        return _files.TryAdd(file.Id, file)
            ? file
            : throw new ServiceException(409, "ALREADY_EXISTS", "Requested entity already exists");
    }

    /// <summary>The file, or the service's 403, which is the same for a missing file and for that of another
    /// owner.</summary>
    public StoredFile Get(string id) => _files.TryGetValue(id, out StoredFile? file) && !IsExpired(file)
        ? file
        : throw Denied(id);

    public static ServiceException Denied(string id) => new(
        403, "PERMISSION_DENIED", $"You do not have permission to access the File {id} or it may not exist.");

    public void Delete(string id)
    {
        Get(id);
        _files.TryRemove(id, out _);
    }

    /// <summary>The file behind a fileUri of any host.</summary>
    public StoredFile Resolve(string uri)
    {
        int start = uri.LastIndexOf("files/", StringComparison.Ordinal);
        return start < 0
            ? throw ServiceException.InvalidArgument($"Invalid or unsupported file uri: {uri}")
            : Get(uri[(start + "files/".Length)..].Split('?', ':')[0]);
    }

    public RequestMedia ResolveMedia(string uri)
    {
        StoredFile file = Resolve(uri);
        if (file.State(Now) != "ACTIVE")
        {
            throw new ServiceException(400, "FAILED_PRECONDITION",
                $"The File {file.Id} is not in an ACTIVE state and usage is not allowed.");
        }

        return new RequestMedia(file.MimeType, file.Content.ToArray());
    }

    private bool IsExpired(StoredFile file) => file.Expires <= time.GetUtcNow();
}
