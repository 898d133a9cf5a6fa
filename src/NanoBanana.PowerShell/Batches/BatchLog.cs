using System.Collections.Concurrent;
using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>The log of a batch, for -Verbose of any command that waits for it: calls, retries, pauses, jobs and items.
/// Only the latest lines are kept.</summary>
internal sealed class BatchLog
{
    private const int MostLines = 10_000;

    private readonly ConcurrentQueue<object> _lines = new();

    /// <summary>The service with a client that is listened to.</summary>
    public ImageService Observe(ImageService service) =>
        service.With(service.Client.Options with { Observe = Add });

    /// <summary>Adds a line: its text is made where it is read.</summary>
    public void Add(object line)
    {
        _lines.Enqueue(line);
        while (_lines.Count > MostLines) _lines.TryDequeue(out _);
    }

    /// <summary>The next line; null when there is none now.</summary>
    public string? Take() => _lines.TryDequeue(out object? line) ? line.ToString() : null;
}
