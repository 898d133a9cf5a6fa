using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini;

namespace NanoBanana.Batches;

/// <summary>Uploads every picture once, by content, and again only when the service is about to delete it. Remembered in <c>.nb/uploads.json</c>.</summary>
internal sealed class UploadCache
{
    // The service keeps files for 48 hours; a job may wait for a day before it looks at them.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);
    private static readonly TimeSpan Needed = TimeSpan.FromHours(26);

    private readonly GeminiClient _client;
    private readonly TimeProvider _time;
    private readonly BlobStore _store;
    private readonly string _path;
    private readonly ConcurrentDictionary<string, Lazy<Task<UploadedFile>>> _files = new(StringComparer.Ordinal);

    public UploadCache(string destination, GeminiClient client, TimeProvider time)
    {
        _client = client;
        _time = time;
        _store = new BlobStore(destination);
        _path = Path.Combine(destination, BlobStore.FolderName, "uploads.json");
        foreach ((string sha256, UploadedFile file) in ReadKnown())
        {
            if (file.ExpiresAt - time.GetUtcNow() > Needed) _files[sha256] = new Lazy<Task<UploadedFile>>(Task.FromResult(file));
        }
    }

    /// <summary>The call with the user's pictures as files at the service. The model's turns stay as they came.</summary>
    /// <exception cref="NbException">An upload failed.</exception>
    public async Task<GenerateCall> UploadAsync(GenerateCall call, CancellationToken cancellationToken)
    {
        var turns = ImmutableArray.CreateBuilder<Turn>(call.Contents.Length);
        foreach (Turn turn in call.Contents)
        {
            if (turn.Role == Turn.Model || !turn.Parts.OfType<ImagePart>().Any())
            {
                turns.Add(turn);
                continue;
            }
            var parts = ImmutableArray.CreateBuilder<Part>(turn.Parts.Length);
            foreach (Part part in turn.Parts)
            {
                parts.Add(part is ImagePart image
                    ? new FilePart((await FileOfAsync(image, cancellationToken).ConfigureAwait(false)).Uri, image.MimeType) { Source = image.Data }
                    : part);
            }
            turns.Add(turn with { Parts = parts.ToImmutable() });
        }
        return call with { Contents = turns.ToImmutable() };
    }

    /// <summary>Remembers what was uploaded, for the next process.</summary>
    public void Save()
    {
        var known = new Dictionary<string, UploadedFile>(StringComparer.Ordinal);
        foreach ((string sha256, Lazy<Task<UploadedFile>> file) in _files)
        {
            if (file.IsValueCreated && file.Value.IsCompletedSuccessfully) known[sha256] = file.Value.Result;
        }
        try
        {
            AtomicFile.Write(_path, _store.TemporaryFolder, overwrite: true,
                stream => JsonSerializer.Serialize(stream, known, JobJson.Default.DictionaryStringUploadedFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only costs another upload.
        }
    }

    private async Task<UploadedFile> FileOfAsync(ImagePart image, CancellationToken cancellationToken)
    {
        Lazy<Task<UploadedFile>> file = _files.GetOrAdd(image.Data.Sha256,
            _ => new Lazy<Task<UploadedFile>>(() => UploadAsync(image, cancellationToken)));
        try
        {
            return await file.Value.ConfigureAwait(false);
        }
        catch
        {
            // The next one who needs it tries again.
            _files.TryRemove(KeyValuePair.Create(image.Data.Sha256, file));
            throw;
        }
    }

    private async Task<UploadedFile> UploadAsync(ImagePart image, CancellationToken cancellationToken)
    {
        GeminiFile file = await _client.UploadAsync(image.Data, image.MimeType, image.Data.ToString(), cancellationToken).ConfigureAwait(false);
        return new UploadedFile(file.Uri, file.ExpiresAt ?? _time.GetUtcNow() + Lifetime);
    }

    private Dictionary<string, UploadedFile> ReadKnown()
    {
        try
        {
            using FileStream stream = File.OpenRead(_path);
            return JsonSerializer.Deserialize(stream, JobJson.Default.DictionaryStringUploadedFile) ?? [];
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
