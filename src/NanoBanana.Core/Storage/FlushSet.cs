using System.Collections.Concurrent;

namespace NanoBanana.Storage;

/// <summary>Files that have their names and are not on disk yet, to be flushed together: each file once, then each
/// folder once.</summary>
/// <remarks>Written and named at once, they survive the end of this process at any moment; a power cut takes them until
/// <see cref="Flush"/> returns. Nothing outside of <c>.nb</c> may name them before.</remarks>
internal sealed class FlushSet
{
    // Of the whole process: what one image has just stored, another may need as well.
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

    /// <summary>Adds a file that somebody else in this process is about to flush; others are on disk.</summary>
    public void AddPending(string path)
    {
        if (Pending.ContainsKey(path)) Add(path);
    }

    /// <summary>Adds a folder in which names have changed.</summary>
    public void AddFolder(string folder) => _folders.Add(folder);

    /// <summary>Puts everything on disk.</summary>
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
