using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Runs;

namespace NanoBanana.Tests.Batches;

public sealed class StopReasonTests
{
    private static readonly NbException Budget = new("Nb.Budget.Exceeded", NbErrorKind.LimitsExceeded, "budget", "");
    private static readonly NbException Disk = new("Nb.File.Unwritable", NbErrorKind.WriteError, "disk", "");

    [Fact]
    public void The_first_error_is_the_reason_to_stop()
    {
        StopReason first = new() { Error = Budget };
        Assert.Same(Budget, new StopReason { Error = Disk }.After(first).Error);
    }

    [Fact]
    public void An_error_that_blocks_fetching_replaces_one_that_does_not()
    {
        StopReason both = new StopReason { Error = Disk, BlocksFetching = true }.After(new() { Error = Budget });
        Assert.Same(Disk, both.Error);
        Assert.True(new StopReason { Error = Budget }.After(both).BlocksFetching);
        Assert.Same(Disk, new StopReason { Error = Budget }.After(both).Error);
    }

    [Fact]
    public void A_later_request_to_cancel_jobs_is_followed()
    {
        StopReason both = new StopReason { IsAsked = true, CancelsJobs = true }.After(new() { Error = Budget });
        Assert.Equal((true, true, Budget), (both.IsAsked, both.CancelsJobs, both.Error));
    }

    [Fact]
    public async Task A_run_that_would_exceed_its_budget_says_so()
    {
        using var fixture = new EmulatorFixture();
        using Batch batch = fixture.Open(EmulatorFixture.Many(3), new BatchOptions { MaxCost = 0.0001m });
        Assert.Null(batch.StopReason);
        await foreach (BatchItem _ in batch.RunAsync()) { }
        Assert.Equal("Nb.Budget.Exceeded", batch.StopReason!.Error!.ErrorId);
        Assert.False(batch.StopReason.IsAsked);
        Assert.All(batch.Items, item => Assert.Equal(BatchItemState.Blocked, item.State));
    }

    [Fact]
    public async Task A_run_that_was_asked_to_stop_says_so()
    {
        using var fixture = new EmulatorFixture();
        using Batch batch = fixture.Open(EmulatorFixture.Many(3));
        batch.Stop();
        await foreach (BatchItem _ in batch.RunAsync()) { }
        Assert.Equal(new StopReason { IsAsked = true }, batch.StopReason);
        Assert.All(batch.Items, item => Assert.Equal(BatchItemState.Pending, item.State));
    }
}
