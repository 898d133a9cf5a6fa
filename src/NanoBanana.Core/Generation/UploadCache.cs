using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>Remembers which pictures the service already has, by their hash and by the key that uploaded
/// them.</summary>
/// <remarks>
/// A cache in a folder serves all processes of the user. It has a small file for each picture, replaced as a whole,
/// without secrets. When it cannot be read or written, a picture is uploaded again; this is never an error.
/// </remarks>
public sealed class UploadCache
{
    private static readonly TimeSpan FileLifetime = TimeSpan.FromHours(48);
    private static readonly TimeSpan EntryLifetime = TimeSpan.FromDays(4);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);
    private readonly string? _folder;

    private UploadCache(string? folder) => _folder = folder;

    /// <summary>A cache that ends with the process.</summary>
    internal static UploadCache InMemory() => new(null);

    /// <summary>A cache that processes share.</summary>
    /// <param name="folder">Full path; created when needed.</param>
    public static UploadCache InFolder(string folder) => new(folder);

    /// <summary>Counts uses of a picture. Two processes that count at once may lose a use; the picture is then uploaded
    /// one use later.</summary>
    /// <returns>How often it has been used, these uses included.</returns>
    internal int CountUse(string owner, string sha256, int times)
    {
        Slot slot = SlotOf(owner, sha256);
        lock (slot)
        {
            Read(slot.UsesPath, json => slot.Uses = json.GetProperty("uses").GetInt32());
            slot.Uses += times;
            Write(slot.UsesPath, writer => writer.WriteNumber("uses", slot.Uses));
            return slot.Uses;
        }
    }

    /// <summary>The address of a picture that the service keeps at least until a given time; null when there is
    /// none.</summary>
    internal string? Find(string owner, string sha256, DateTimeOffset until)
    {
        Slot slot = SlotOf(owner, sha256);
        lock (slot)
        {
            Refresh(slot);
            return slot.Uri is not null && slot.Expires > until ? slot.Uri : null;
        }
    }

    /// <summary>Removes an address that the service no longer knows.</summary>
    internal void Forget(string owner, string sha256, string uri)
    {
        Slot slot = SlotOf(owner, sha256);
        lock (slot)
        {
            Refresh(slot);
            if (slot.Uri == uri) Keep(slot, null, default);
        }
    }

    /// <summary>The address of a picture that stays available for the given time; uploads it, unless another caller has
    /// done so meanwhile.</summary>
    internal async Task<string> GetOrUploadAsync(
        string owner, string sha256, TimeSpan needed, TimeProvider time, Func<Task<GeminiFile>> upload,
            CancellationToken cancellationToken)
    {
        Slot slot = SlotOf(owner, sha256);
        await slot.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using FileStream? held = await HoldAsync(slot, time, cancellationToken).ConfigureAwait(false);
            if (Find(owner, sha256, time.GetUtcNow() + needed) is { } known) return known;
            GeminiFile file = await upload().ConfigureAwait(false);
            lock (slot) Keep(slot, file.Uri, file.ExpiresAt ?? time.GetUtcNow() + FileLifetime);
            return file.Uri;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private Slot SlotOf(string owner, string sha256) => _slots.GetOrAdd($"{owner}/{sha256}", _ =>
    {
        if (_folder is null) return new Slot(null);
        string folder = Path.Combine(_folder, owner);
        if (_swept.TryAdd(owner, true)) Guarded(() => Sweep(folder));
        return new Slot(Path.Combine(folder, sha256 + ".json"));
    });

    // Another process may have written since, so the file is read again.
    private static void Refresh(Slot slot) => Read(slot.Path, json =>
        (slot.Uri, slot.Expires) = (StoredJson.Text(json, "uri"), StoredJson.Time(json, "expires") ?? default));

    private static void Keep(Slot slot, string? uri, DateTimeOffset expires)
    {
        (slot.Uri, slot.Expires) = (uri, expires);
        Write(slot.Path, writer =>
        {
            StoredJson.WriteText(writer, "uri", uri);
            if (uri is not null) writer.WriteString("expires", expires.ToString("O", CultureInfo.InvariantCulture));
        });
    }

    private static void Read(string? path, Action<JsonElement> read) => Guarded(() =>
    {
        if (path is null || !File.Exists(path)) return;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        read(document.RootElement);
    });

    private static void Write(string? path, Action<Utf8JsonWriter> write)
    {
        if (path is null) return;
        Guarded(() => AtomicFile.Write(path, Path.GetDirectoryName(path)!, overwrite: true, stream =>
        {
            using var writer = new Utf8JsonWriter(stream);
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }));
    }

    // One process uploads and the others wait; without a lock, each of them uploads.
    private static async Task<FileStream?> HoldAsync(Slot slot, TimeProvider time, CancellationToken cancellationToken)
    {
        if (slot.Path is null) return null;
        long since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < LockTimeout)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(slot.Path)!);
                return Disk.OpenLock(slot.Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (FileSharing.IsViolation(e))
            {
                await Task.Delay(PollInterval, time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                return null;
            }
        }
        return null;
    }

    private static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        DateTime oldest = DateTime.UtcNow - EntryLifetime;
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            if (File.GetLastWriteTimeUtc(path) < oldest) File.Delete(path);
        }
    }

    private static void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (Disk.IsRefusal(e) || StoredJson.IsMalformed(e))
        {
            // A cache that cannot be written only costs another upload.
        }
    }

    // The count and the address are in separate files, so that counting cannot restore an older address.
    private sealed class Slot(string? path)
    {
        public string? Path => path;

        public string? UsesPath { get; } = path is null ? null : System.IO.Path.ChangeExtension(path, ".uses");

        public SemaphoreSlim Gate { get; } = new(1);

        public int Uses { get; set; }

        public string? Uri { get; set; }

        public DateTimeOffset Expires { get; set; }
    }
}
