using NanoBanana.Emulator;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Generation;

/// <summary>An engine over an emulator, as a cmdlet drives it: orders are added while it has room, steps are pulled
/// when it has none.</summary>
internal sealed class EngineFixture(string? faults = null, GeminiClientOptions? client = null) : IDisposable
{
    private readonly EmulatorFixture _batch =
        new(new EmulatorOptions { Faults = faults is null ? FaultScript.None : FaultScript.Parse(faults) }, client);

    public EmulatorService Emulator => _batch.Emulator;

    public ImageService Service => _batch.Service;

    public string Folder => _batch.Folder;

    public decimal BilledUsd => Emulator.Statistics.BilledUsd;

    public int Generations =>
        Emulator.Journal.Entries.Count(entry => entry.Path.EndsWith(":generateContent", StringComparison.Ordinal));

    public List<EngineStep> Steps { get; } = [];

    public IEnumerable<Outcome> Outcomes => Steps.Select(step => step.Outcome).OfType<Outcome>();

    public SingleOrder Order(string prompt, string model = "nb2-lite") => new(
        _batch.Service.Prepare(new ImageRequest { Prompt = prompt, Model = model, AspectRatio = "8:1" }),
        new SaveTarget(null, _batch.Folder, Force: false, new SaveSession()));

    /// <summary>Sends that many prompts, and returns the engine when everything was pulled.</summary>
    public async Task<ImageEngine> RunAsync(int prompts, EngineOptions options, string model = "nb2-lite")
    {
        var engine = new ImageEngine(_batch.Service, options, CancellationToken.None);
        for (int i = 0; i < prompts; i++)
        {
            engine.Add(Order($"picture number {i}", model));
            while (engine.IsFull && await engine.NextAsync() is { } step) Steps.Add(step);
        }
        while (await engine.NextAsync() is { } step) Steps.Add(step);
        return engine;
    }

    /// <summary>The same, with all orders added at once, as a batch does.</summary>
    public async Task RunAllAsync(int prompts, EngineOptions options)
    {
        await using var engine = new ImageEngine(_batch.Service, options, CancellationToken.None);
        for (int i = 0; i < prompts; i++) engine.Add(Order($"picture number {i}"));
        while (await engine.NextAsync() is { } step) Steps.Add(step);
    }

    /// <summary>Waits until that many requests have arrived.</summary>
    public async Task ArrivedAsync(int requests)
    {
        while (Emulator.Statistics.Requests < requests) await Task.Yield();
    }

    public void Dispose() => _batch.Dispose();
}
