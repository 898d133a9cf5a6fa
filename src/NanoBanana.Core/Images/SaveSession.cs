using System.Collections.Concurrent;

namespace NanoBanana.Images;

/// <summary>The files that one command has saved. Force replaces older files, never those the same command has just
/// paid for; and once a file could not be saved, no more are paid for.</summary>
public sealed class SaveSession
{
    // Names are compared as on the strictest file system.
    private readonly ConcurrentDictionary<string, bool> _paths = new(StringComparer.OrdinalIgnoreCase);

    private volatile NbException? _refusal;

    /// <summary>The first error of saving; null while there is none.</summary>
    internal NbException? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    // Blobs that are on disk, by the path in their store.
    private readonly ConcurrentDictionary<string, bool> _stored = new(StringComparer.Ordinal);

    private int _puts;

    /// <summary>How many blobs were put into stores, including those that were there already.</summary>
    internal int Puts => _puts;

    internal bool HasStored(string path) => _stored.ContainsKey(path);

    /// <summary>Records blobs that were put into a store and are on disk.</summary>
    internal void AddStored(IReadOnlyCollection<string> paths)
    {
        foreach (string path in paths) _stored[path] = true;
        Interlocked.Add(ref _puts, paths.Count);
    }

    internal bool Contains(string path) => _paths.ContainsKey(path);

    internal void Add(string path) => _paths[path] = true;
}
