using System.Collections.Concurrent;

namespace NanoBanana.Storage;

/// <summary>Files that were renamed but not flushed yet, to be flushed together: each file once, then each folder
/// once.</summary>
/// <remarks>They survive the end of this process at any time, but a power cut only after <see cref="Flush"/> returns.
/// Until then nothing outside <c>.nb</c> may refer to them.</remarks>
internal sealed class FlushSet
{
    // Shared by the whole process, because one image may need what another has just stored.
    private static readonly ConcurrentDictionary<string, int> Pending = new(StringComparer.Ordinal);

    private readonly List<string> _files = [];
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    /// <summary>Adds a file and its name.</summary>
    public void Add(string path)
    {
        AddFile(path);
        AddFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Adds a file that was written and closed, under the name it has when this is flushed.</summary>
    public void AddFile(string path)
    {
        Pending.AddOrUpdate(path, 1, (_, count) => count + 1);
        _files.Add(path);
    }

    /// <summary>Adds a file that another thread of this process is about to flush; other files are flushed
    /// already.</summary>
    public void AddPending(string path)
    {
        if (Pending.ContainsKey(path)) Add(path);
    }

    /// <summary>Adds a folder in which names have changed.</summary>
    public void AddFolder(string folder) => _folders.Add(folder);

    /// <summary>Flushes everything.</summary>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void Flush()
    {
        try
        {
            foreach (string file in _files) Disk.FlushFile(file);
            foreach (string folder in _folders) Disk.FlushFolder(folder);
        }
        finally
        {
            foreach (string file in _files)
            {
                if (Pending.AddOrUpdate(file, 0, (_, count) => count - 1) <= 0)
                {
                    Pending.TryRemove(KeyValuePair.Create(file, 0));
                }
            }
            _files.Clear();
            _folders.Clear();
        }
    }
}
