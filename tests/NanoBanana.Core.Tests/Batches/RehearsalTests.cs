using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Batches;

public sealed class RehearsalTests
{
    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task A_rehearsal_is_not_the_real_thing_and_costs_nothing(BatchMode mode)
    {
        using var fixture = new EmulatorFixture(new() { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        string json = EmulatorFixture.Many(2);
        var options = new BatchOptions { Mode = mode };
        Assert.Equal((2, 0), await RehearseAsync(fixture, json, options));
        // Repeated, it is up to date for itself.
        Assert.Equal((0, 2), await RehearseAsync(fixture, json, options));
        CostLine spent = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((0, 0m, 2), (spent.Answers, spent.Cost, spent.Rehearsals));
        string picture = Path.Combine(fixture.Destination, "item-1.jpg");
        Assert.True(ImageFile.Import(picture).Provenance!.IsRehearsal);

        (BatchSummary real, _) = await fixture.RunAsync(json, options);
        Assert.Equal((2, 2), (real.Made, fixture.Billed));
        Assert.False(ImageFile.Import(picture).Provenance!.IsRehearsal);
        Assert.Equal(2, Directory.GetFiles(fixture.Destination, "*.jpg").Length);
        spent = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((2, fixture.Emulator.Statistics.BilledUsd, 2), (spent.Answers, spent.Cost, spent.Rehearsals));
        // And it is not undone by a rehearsal.
        Assert.Equal((0, 2), await RehearseAsync(fixture, json, options));
        (real, _) = await fixture.RunAsync(json, options);
        Assert.Equal((2, 2), (real.UpToDate, fixture.Billed));
    }

    private static async Task<(int Made, int UpToDate)> RehearseAsync(
        EmulatorFixture fixture, string json, BatchOptions options)
    {
        using var emulator = new EmulatorService(new()
        {
            BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero, SignatureLength = 64,
        });
        using var handler = new EmulatorHandler(emulator);
        using var service = new ImageService(
            new GeminiClient(GeminiEndpoint.Offline, GeminiCredential.FromApiKey("offline"), null, handler),
            ModelCatalog.BuiltIn);
        using Batch batch = Batch.Open(fixture.Destination, service, fixture.Manifest(json), options);
        await foreach (BatchItem _ in batch.RunAsync()) { }
        return (batch.Summary.Made, batch.Summary.UpToDate);
    }
}
