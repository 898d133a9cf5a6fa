using System.Diagnostics;
using System.Text.Json.Nodes;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Tests.Conformance;

/// <summary>One emulator on a port that both clients use, and what the SDK sent to it for each use.</summary>
public sealed class SdkRecording : IAsyncLifetime, IDisposable
{
    // A guard against a process that hangs; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly EmulatorService _service = new(new EmulatorOptions { IsRepeatable = true });
    private EmulatorServer? _server;
    private JsonNode _uses = new JsonObject();

    public Uri BaseUri => _server!.BaseUri;

    public async Task InitializeAsync()
    {
        // A fixture is made for skipped tests too.
        if (SdkTheoryAttribute.Reason is not null) return;
        _server = EmulatorServer.Start(_service);
        ProcessStartInfo start = new("node", ["bodies.mjs", BaseUri.ToString()])
        {
            WorkingDirectory = SdkTheoryAttribute.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process node = Process.Start(start)!;
        node.StandardInput.Close();
        Task<string> errors = node.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            string output = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == 0, await errors);
            _uses = JsonNode.Parse(output)!;
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    public void Dispose() => _service.Dispose();

    /// <summary>What the SDK sent for a use.</summary>
    internal IReadOnlyList<SentRequest> OfSdk(string use) =>
        [.. _uses[use]!.AsArray().Select(entry => SentRequest.From(entry!))];

    /// <summary>The uses that the SDK made.</summary>
    internal IEnumerable<string> Uses => _uses.AsObject().Select(use => use.Key);

    /// <summary>What the emulator received while something ran.</summary>
    internal async Task<IReadOnlyList<SentRequest>> RecordAsync(Func<Task> run)
    {
        int last = _service.Journal.Entries[^1].Number;
        await run();
        return [.. _service.Journal.Entries.Where(entry => entry.Number > last)
            .Select(entry => SentRequest.From(new JsonObject
        {
            ["method"] = entry.Method,
            ["path"] = entry.Path,
            ["body"] = entry.Body is null ? null : JsonNode.Parse(entry.Body),
        }))];
    }
}
