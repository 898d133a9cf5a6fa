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
    public async Task A_rehearsal_is_marked_as_such_and_costs_nothing(BatchMode mode)
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

    [Fact]
    public async Task Judging_in_a_rehearsal_costs_nothing_and_undoes_nothing()
    {
        using var fixture = new EmulatorFixture();
        (_, _) = await fixture.RunAsync(EmulatorFixture.Many(1));
        LedgerEvent made = LedgerFile.ReadAll(fixture.Destination).Events
            .First(line => line.Kind == LedgerEventKind.Received);
        LedgerEvent judged = made with
        {
            Kind = LedgerEventKind.Judged, IsRehearsal = true, Cost = 7, Answer = null, Sha256 = "ab", At = made.At,
        };
        // The emulator's judge looked at another picture of it, and before that a real request was lost.
        LedgerEvent lost = made with { Kind = LedgerEventKind.Uncertain, Item = "lost", Estimate = 3, Answer = null };
        LedgerEvent[] lines = [judged, lost, lost with { Kind = LedgerEventKind.Submitted, IsRehearsal = true },
            lost with { Kind = LedgerEventKind.Received, IsRehearsal = true, Cost = 9, Answer = "rehearsed" }];
        using (FileStream ledger = File.Open(Path.Combine(fixture.Destination, "ledger.jsonl"), FileMode.Append))
        {
            foreach (LedgerEvent line in lines) ledger.Write(LedgerLine.Of(line));
        }
        string path = Path.Combine(fixture.Destination, "item-1.jpg");
        NbImage image = ImageFile.Import(path);
        ImageFile.Annotate(image with
        {
            Verdict = new ImageVerdict { IsAccepted = true, Cost = 7, IsRehearsal = true },
        });
        Assert.True(ImageFile.Import(path).Verdict!.IsRehearsal);
        CostLine spent = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((1, fixture.Emulator.Statistics.BilledUsd), (spent.Answers, spent.Cost));
        Assert.Equal((0, 0m), (spent.Judgings, spent.JudgingCost));
        Assert.Equal((1, 3m, 1), (spent.Uncertain, spent.UncertainCost, spent.Rehearsals));
        ImageFile.Annotate(image with { Verdict = new ImageVerdict { IsAccepted = true, Cost = 7 } });
        spent = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((1, 7m), (spent.Judgings, spent.JudgingCost));
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
