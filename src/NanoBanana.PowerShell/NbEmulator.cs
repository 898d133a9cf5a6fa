using NanoBanana.Emulator;
using NanoBanana.Emulator.Journal;

namespace NanoBanana.PowerShell;

/// <summary>A local Gemini that runs in this process, on a port or behind an offline connection.</summary>
public sealed class NbEmulator : IDisposable
{
    private readonly EmulatorService _service;
    private readonly EmulatorServer? _server;

    internal NbEmulator(EmulatorService service, EmulatorServer? server)
    {
        _service = service;
        _server = server;
        StartedAt = DateTimeOffset.Now;
    }

    /// <summary>The address for Connect-NbService -BaseUri and for other clients; null behind an offline
    /// connection.</summary>
    public Uri? BaseUri => _server?.BaseUri;

    /// <summary>The port it listens on; null behind an offline connection.</summary>
    public int? Port => _server?.BaseUri.Port;

    /// <summary>Whether it still answers.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The faults it rehearses, by name.</summary>
    public IReadOnlyList<string> Faults => _service.Options.Faults.Names;

    /// <summary>Its statistics so far.</summary>
    public EmulatorStatistics Statistics => _service.Statistics;

    /// <summary>The requests it received so far, oldest first, up to the limit of its journal.</summary>
    public IReadOnlyList<JournalEntry> Journal => _service.Journal.Entries;

    /// <summary>Puts its clock forward: files expire, batches proceed.</summary>
    public void Advance(TimeSpan time) => _service.Advance(time);

    /// <summary>Stops it. Statistics and journal can still be read.</summary>
    public void Dispose()
    {
        // The offline connection owns the service of its emulator.
        if (!IsRunning || _server is null) return;
        IsRunning = false;
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _service.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => BaseUri?.ToString() ?? "in process";
}
