using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Models;

namespace NanoBanana.Tests.Batches;

/// <summary>What of a batch is not what it should be any more, and what a run makes of it.</summary>
public sealed class StaleTests
{
    private const string Priced = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
        {"name":"offer","prompt":"an offer","depends":["prices.csv"]},{"name":"sale","from":"offer","edit":"a sale"},
        {"name":"owl","prompt":"an owl"}]}
        """;

    [Fact]
    public async Task A_changed_dependency_remakes_an_item_and_its_edits()
    {
        using var fixture = new EmulatorFixture();
        fixture.Write("prices.csv", "1");
        Assert.Equal(3, (await fixture.RunAsync(Priced)).Summary.Made);
        Assert.Equal(3, (await fixture.RunAsync(Priced)).Summary.UpToDate);
        Assert.Empty(Look(fixture).Stale);
        fixture.Write("prices.csv", "2");

        Assert.Equal(
            ["offer: a file that it depends on has changed", "sale: 'offer', which it is made from, is made again"],
            Look(fixture).Stale.Select(item => item.ToString()));
        Assert.All(Look(fixture).Stale, item => Assert.NotNull(item.MadeAt));
        (BatchSummary again, _) = await fixture.RunAsync(Priced);

        Assert.Equal((2, 1), (again.Made, again.UpToDate));
        Assert.Empty(Look(fixture).Stale);
        // The folder goes on without the file, as it goes on without its references.
        File.Delete(fixture.At("prices.csv"));
        Assert.Empty(Look(fixture).Stale);
        NbException missing = await Assert.ThrowsAsync<NbException>(() => fixture.RunAsync(Priced));
        Assert.Equal("Nb.File.NotFound", missing.ErrorId);
    }

    [Fact]
    public async Task An_item_that_is_too_old_is_made_again_once()
    {
        var clock = new JumpingTime();
        using var fixture = new EmulatorFixture();
        var weekly = new BatchOptions { OlderThan = TimeSpan.FromDays(7), TimeProvider = clock };
        await fixture.RunAsync(EmulatorFixture.Many(2), weekly);
        clock.Jump(TimeSpan.FromDays(6));
        Assert.Equal(2, (await fixture.RunAsync(null, weekly)).Summary.UpToDate);
        clock.Jump(TimeSpan.FromDays(2));

        Assert.Equal(2, (await fixture.RunAsync(null, weekly)).Summary.Made);
        Assert.Equal(2, (await fixture.RunAsync(null, weekly)).Summary.UpToDate);
        Assert.Equal(4, fixture.Billed);
    }

    [Fact]
    public async Task Every_reason_for_a_stale_item_is_reported()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(3),
            new BatchOptions { Edition = "W47", Only = ["item-1", "item-2"] });
        File.Delete(Path.Combine(fixture.Destination, "item-2.jpg"));

        Assert.Equal(["item-2: its picture is gone", "item-3: was never made"],
            Look(fixture).Stale.Select(item => item.ToString()));
        Assert.Equal("was made for the edition W47",
            BatchPlan.LookAt(fixture.Destination, fixture.Service, "W48").Stale[0].Reason);
        Assert.StartsWith("was made on 20",
            BatchPlan.LookAt(fixture.Destination, fixture.Service, null, TimeSpan.FromTicks(1)).Stale[0].Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retired_model_is_reported_and_its_pictures_stay()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(1));
        string path = fixture.Write("models.json",
            """{"models":[{"id":"gemini-3.1-flash-lite-image","state":"retired","retirement":{"shutdown":"2026-01-01","confirmed":true}}]}""");
        using ImageService later = fixture.Knowing(ModelCatalog.Load(path));

        BatchPlan plan = BatchPlan.LookAt(fixture.Destination, later);

        Assert.Equal("was made with gemini-3.1-flash-lite-image, which is switched off", plan.Stale.Single().Reason);
        Assert.Equal(BatchItemState.UpToDate, plan.Items[0].State);
    }

    [Theory]
    [InlineData("30m", 0.5)]
    [InlineData("12h", 12)]
    [InlineData("7d", 168)]
    [InlineData("1.5W", 252)]
    [InlineData("7.00:00:00", 168)]
    public void An_age_is_read(string text, double hours) => Assert.Equal(TimeSpan.FromHours(hours), Age.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("-7d")]
    [InlineData("0d")]
    [InlineData("1e9d")]
    [InlineData("99999999d")]
    [InlineData("week")]
    public void An_invalid_age_is_refused(string text) =>
        Assert.Equal("Nb.Batch.AgeInvalid", Assert.Throws<NbException>(() => Age.Parse(text)).ErrorId);

    private static BatchPlan Look(EmulatorFixture fixture) => BatchPlan.LookAt(fixture.Destination, fixture.Service);
}
