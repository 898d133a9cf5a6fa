using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>Records every flush, rename and deletion in a folder, and what a power cut after each of them may leave: no
/// more than what was flushed.</summary>
/// <remarks>A file has the bytes it had at its last flush, and none before the first. Names are either as far behind as
/// the last flush of their folder, or all there at once, before any bytes: file systems do both.</remarks>
internal sealed class DiskRecorder : IDisposable
{
    private readonly string _folder;
    private readonly object _gate = new();
    private readonly Dictionary<string, Content> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Content?>> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = [];

    public DiskRecorder(string folder)
    {
        _folder = folder;
        Disk.Done += Record;
    }

    public List<(DiskStep Step, string Path, string? From)> Steps { get; } = [];

    public List<DiskState> States { get; } = [];

    public Func<IReadOnlySet<string>>? Announced { get; init; }

    public Func<IReadOnlySet<string>> Sent { get; init; } = () => new HashSet<string>();

    /// <summary>Adds the states that a power cut at this moment may leave.</summary>
    public void Take()
    {
        lock (_gate)
        {
            var behind = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            Walk(_folder, behind);
            Add("names behind", behind);
            Add("names ahead", Directory.Exists(_folder)
                ? Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).ToDictionary(
                    path => Path.GetRelativePath(_folder, path), path => ContentOf(path).Bytes)
                : []);
        }
    }

    public void Dispose() => Disk.Done -= Record;

    private void Record(DiskStep step, string path, string? from)
    {
        if (!(path + Path.DirectorySeparatorChar).StartsWith(_folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal))
        {
            return;
        }
        lock (_gate)
        {
            Steps.Add((step, path, from));
            switch (step)
            {
                case DiskStep.FlushFile:
                    ContentOf(path).Bytes = Read(path);
                    break;
                case DiskStep.Rename:
                    _live[path] = ContentOf(from!);
                    _live.Remove(from!);
                    break;
                case DiskStep.Delete:
                    _live.Remove(path);
                    break;
                default:
                    _names[path] = Directory.GetFileSystemEntries(path)
                        .ToDictionary(entry => entry, entry => File.Exists(entry) ? ContentOf(entry) : null);
                    break;
            }
            if (Announced is not null) Take();
        }
    }

    private static byte[] Read(string path)
    {
        using var stream =
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private Content ContentOf(string path) =>
        _live.TryGetValue(path, out Content? content) ? content : _live[path] = new Content();

    private void Walk(string folder, Dictionary<string, byte[]> files)
    {
        if (!_names.TryGetValue(folder, out Dictionary<string, Content?>? entries)) return;
        foreach ((string path, Content? content) in entries)
        {
            if (content is null) Walk(path, files);
            else files[Path.GetRelativePath(_folder, path)] = content.Bytes;
        }
    }

    private void Add(string kind, Dictionary<string, byte[]> files)
    {
        // Locks hold nothing.
        foreach (string name in files.Keys.Where(name => name.EndsWith(".lock", StringComparison.Ordinal)).ToArray())
        {
            files.Remove(name);
        }
        var state = new DiskState(Steps.Count, kind, files, Announced!(), Sent());
        if (_seen.Add(state.Key)) States.Add(state);
    }

    private sealed class Content
    {
        public byte[] Bytes { get; set; } = [];
    }
}
