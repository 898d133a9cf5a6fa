using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Tests.Batches;

namespace NanoBanana.Tests;

/// <summary>A folder, an emulator and a service in front of it, gone after the test.</summary>
internal sealed partial class EmulatorFixture : IDisposable
{
    private readonly EmulatorHandler _handler;

    public EmulatorFixture(EmulatorOptions? options = null, GeminiClientOptions? client = null,
        DelegatingHandler? handler = null)
    {
        Folder = Directory.CreateTempSubdirectory("nb-test-").FullName;
        Emulator = new EmulatorService(
            (options ?? new EmulatorOptions()) with { SignatureLength = options?.SignatureLength ?? 64 });
        _handler = new EmulatorHandler(Emulator);
        Service = new ImageService(
            new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"), client, Behind(handler)),
                ModelCatalog.BuiltIn);
    }

    // What bends the answers stands between client and emulator.
    private HttpMessageHandler Behind(DelegatingHandler? handler)
    {
        if (handler is null) return _handler;
        handler.InnerHandler = _handler;
        return handler;
    }

    public string Folder { get; }

    public string Destination => Path.Combine(Folder, "out");

    public EmulatorService Emulator { get; }

    public ImageService Service { get; }

    public int Billed => Emulator.Statistics.BilledGenerations;

    /// <summary>Items item-1 to item-N, cheap to draw.</summary>
    public static string Many(int count) => "{\"defaults\":{\"model\":\"nb2-lite\",\"aspectRatio\":\"8:1\"},\"items\":["
        + string.Join(',', Enumerable.Range(1, count).Select(i =>
            string.Create(CultureInfo.InvariantCulture,
                $"{{\"name\":\"item-{i}\",\"prompt\":\"picture number {i}\"}}")))
        + "]}";

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A picture file, drawn by another emulator so that this one's counters stay.</summary>
    public async Task<string> DrawFileAsync(string name, string prompt)
    {
        using var other = new EmulatorFixture();
        PreparedImage image = await PreparedImage.MakeAsync(other.Service, prompt);
        string path = Path.Combine(Folder, name);
        await File.WriteAllBytesAsync(path, image.Bytes);
        return path;
    }

    public Manifest Manifest(string json) => NanoBanana.Batches.Manifests.Manifest.Load(Write("manifest.json", json));

    public Batch Open(string? json, BatchOptions? options = null) =>
        Batch.Open(Destination, Service, json is null ? null : Manifest(json), options);

    public async Task<(BatchSummary Summary, List<BatchItem> Items)> RunAsync(string? json,
        BatchOptions? options = null)
    {
        using Batch batch = Open(json, options);
        var items = new List<BatchItem>();
        await foreach (BatchItem item in batch.RunAsync()) items.Add(item);
        return (batch.Summary, items);
    }

    public BatchItemState StateOf(string name, string json, BatchOptions? options = null) =>
        BatchPlan.Create(Manifest(json), Service, options, Destination).Items.Single(item => item.Name == name).State;

    public void Dispose()
    {
        foreach (IDisposable open in _open) open.Dispose();
        Service.Dispose();
        _handler.Dispose();
        Emulator.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
