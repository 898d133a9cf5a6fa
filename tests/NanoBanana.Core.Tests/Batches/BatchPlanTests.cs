using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Batches;

public sealed class BatchPlanTests
{
    [Fact]
    public async Task A_run_makes_exactly_the_planned_items()
    {
        using var fixture = new EmulatorFixture();
        BatchPlan plan = PlanOf(fixture, EmulatorFixture.Many(3));
        Assert.False(Directory.Exists(fixture.Destination));

        using (Batch batch = Batch.Open(plan)) await foreach (BatchItem _ in batch.RunAsync()) { }

        Assert.All(plan.Nodes, node => Assert.Equal(BatchItemState.Succeeded, node.State));
        Assert.Equal(3, fixture.Billed);
        Assert.Throws<InvalidOperationException>(() => Batch.Open(plan));
        Assert.All(PlanOf(fixture, null).Items, item => Assert.Equal(BatchItemState.UpToDate, item.State));
    }

    [Fact]
    public async Task A_picture_read_by_the_plan_is_not_read_again()
    {
        using var fixture = new EmulatorFixture();
        (_, List<BatchItem> items) = await fixture.RunAsync(EmulatorFixture.Many(1));
        string path = items[^1].Path!;
        byte[] bytes = File.ReadAllBytes(path);
        // As long as it was, and of another time: only its bytes tell that it is whole.
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(5));
        BatchPlan plan = PlanOf(fixture, null);

        using FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using Batch batch = Batch.Open(plan);
        Assert.Equal(BatchItemState.UpToDate, Assert.Single(batch.Items).State);
    }

    [Fact]
    public async Task An_item_made_by_another_run_since_the_plan_is_not_made_again()
    {
        using var fixture = new EmulatorFixture();
        BatchPlan plan = PlanOf(fixture, EmulatorFixture.Many(2));
        await fixture.RunAsync(EmulatorFixture.Many(2));
        using (Batch batch = Batch.Open(plan)) await foreach (BatchItem _ in batch.RunAsync()) { }
        Assert.Equal(2, fixture.Billed);
    }

    [Fact]
    public async Task Anchors_of_a_session_are_written_when_the_plan_is_opened()
    {
        using var fixture = new EmulatorFixture();
        (_, List<BatchItem> made) = await fixture.RunAsync(EmulatorFixture.Many(1));
        var anchor = Anchor.Create("kael", ReferenceRole.Character, null, [Picture.FromFile(made[^1].Path!)]);
        using var folder = new TemporaryFolder();
        string destination = folder["b"];
        Manifest manifest = fixture.Manifest("""{"items": [{"name": "k", "prompt": "at sea", "anchors": ["kael"]}]}""")
            .WithAnchors(name => name == "kael" ? anchor : null, destination);
        BatchPlan plan = BatchPlan.Create(manifest, fixture.Service, null, destination);
        Assert.False(Directory.Exists(destination));

        using (Batch batch = Batch.Open(plan)) await foreach (BatchItem _ in batch.RunAsync()) { }

        Manifest kept = Batch.Read(destination);
        Assert.True(File.Exists(kept.Resolve(Assert.Single(Assert.Single(kept.Anchors).Pictures).Path)));
    }

    private static BatchPlan PlanOf(EmulatorFixture fixture, string? json) => BatchPlan.Create(
        json is null ? null : fixture.Manifest(json), fixture.Service, null,
        fixture.Destination);
}
