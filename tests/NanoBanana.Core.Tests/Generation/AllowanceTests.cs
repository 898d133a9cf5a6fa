using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Settings;
using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Generation;

/// <summary>Money that all work of a connection shares, and money for a period.</summary>
public sealed class AllowanceTests
{
    private static readonly ModelInfo Model = ModelCatalog.BuiltIn.Resolve("nb2-lite", new DateOnly(2026, 7, 1));

    [Fact]
    public void Two_budgets_share_one_allowance_and_never_exceed_it()
    {
        using var folder = new TemporaryFolder();
        var allowance = Allowance.In(folder.Path, 1m, SpendingPeriod.Session);
        var first = new Budget(null, allowance);
        var second = new Budget(10m, allowance);
        first.TryReserve(0.6m)!.Settle(0.5m);
        Assert.Null(second.TryReserve(0.6m));
        Reservation held = second.TryReserve(0.5m)!;
        Assert.Equal(0, allowance.Left);
        Assert.Null(first.TryReserve(0.01m));
        held.Settle(0);
        Assert.Equal(0.5m, allowance.Left);
        NbException why = second.Refusal("a fox", 0.7m);
        Assert.Equal("Nb.Budget.Exceeded", why.ErrorId);
        Assert.Contains("$0.5 of the $1 for this session is left", why.Message, StringComparison.Ordinal);
        // What costs nothing more is always fetched.
        first.TryReserve(0.5m)!.Settle(0.5m);
        first.ReserveNothing().Settle(0);
    }

    [Fact]
    public void A_call_of_unknown_cost_counts_with_its_reservation()
    {
        using var folder = new TemporaryFolder();
        var allowance = Allowance.In(folder.Path, 1m, SpendingPeriod.Day);
        new Budget(null, allowance).TryReserve(0.6m)!.Settle(null);
        Assert.Equal(0.4m, allowance.Left);
    }

    [Fact]
    public void A_monthly_allowance_includes_other_sessions_and_restarts_each_month()
    {
        using var folder = new TemporaryFolder();
        string other = Path.Combine(folder.Path, "2026-11");
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(other, "4711-other.txt"),
            "2026-11-02T10:00:00Z 30\n2026-11-27T10:00:00Z 15.5\n2026-11-28T1");
        var time = new SteppedTime(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(4.5m, Allowance.In(folder.Path, 50m, SpendingPeriod.Month, time).Left);
        Assert.Equal(34.5m, Allowance.In(folder.Path, 50m, SpendingPeriod.Week, time).Left);
        var day = Allowance.In(folder.Path, 50m, SpendingPeriod.Day, time);
        new Budget(null, day).TryReserve(1m)!.Settle(0.25m);
        Assert.Equal(49.75m, day.Left);
        // Another session sees it too.
        Assert.Equal(4.25m, Allowance.In(folder.Path, 50m, SpendingPeriod.Month, time).Left);
        time.Now = time.Now.AddDays(3);
        Assert.Equal(50m, Allowance.In(folder.Path, 50m, SpendingPeriod.Month, time).Left);
    }

    [Fact]
    public void Calls_in_flight_elsewhere_count_and_those_of_a_killed_process_go_on_to()
    {
        using var folder = new TemporaryFolder();
        string month = Path.Combine(folder.Path, "2026-11");
        Directory.CreateDirectory(month);
        File.WriteAllText(Path.Combine(month, "4711-other.txt"),
            "2026-11-28T10:00:00Z +0.04\n2026-11-28T10:00:00Z +0.05\n2026-11-28T10:00:01Z 0.03\n"
            + "2026-11-28T10:00:00Z -0.04\n");
        var time = new SteppedTime(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        var allowance = Allowance.In(folder.Path, 1m, SpendingPeriod.Day, time);
        Assert.Equal(0.92m, allowance.Left);

        // As another process sees it: by what it usually costs, not by all that was set aside.
        var elsewhere = Allowance.In(folder.Path + "/.", 1m, SpendingPeriod.Day, time);
        Reservation call = new Budget(0.9m, allowance).TryReserve(0.04m, Model)!;
        decimal usual = 0.92m - elsewhere.Left!.Value;
        Assert.InRange(usual, 0.04m, call.Amount);
        Assert.Equal(0.92m - call.Amount, allowance.Left);
        // Also for another connection of this process.
        Assert.Equal(0.92m - usual, Allowance.In(folder.Path, 1m, SpendingPeriod.Day, time).Left);
        call.Settle(0.02m);
        Assert.Equal(0.9m, elsewhere.Left);
        Assert.Equal(0.9m, allowance.Left);
    }

    [Fact]
    public void A_call_over_midnight_is_no_gain_for_the_next_day()
    {
        using var folder = new TemporaryFolder();
        var time = new SteppedTime(new DateTimeOffset(2026, 11, 28, 23, 59, 59, TimeSpan.Zero));
        var allowance = Allowance.In(folder.Path, 1m, SpendingPeriod.Day, time);
        var elsewhere = Allowance.In(folder.Path + "/.", 1m, SpendingPeriod.Day, time);
        Reservation call = new Budget(null, allowance).TryReserve(0.4m)!;
        Assert.Equal(0.6m, elsewhere.Left);
        time.Now = time.Now.AddMinutes(1);
        Assert.Equal(1m, elsewhere.Left);
        call.Settle(0.1m);
        Assert.Equal(0.9m, elsewhere.Left);
    }

    [Fact]
    public void Absurd_notes_add_up()
    {
        using var folder = new TemporaryFolder();
        string month = Path.Combine(folder.Path, "2026-11");
        Directory.CreateDirectory(month);
        const string Most = "79228162514264337593543950335";
        File.WriteAllText(Path.Combine(month, "1.txt"),
            $"2026-11-28T10:00:00Z {Most}\n2026-11-28T10:00:00Z {Most}\n2026-11-28T10:00:00Z 1e400\n");
        File.WriteAllText(Path.Combine(month, "2.txt"), $"2026-11-28T10:00:00Z -{Most}\n");
        var time = new SteppedTime(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(0m, Allowance.In(folder.Path, 50m, SpendingPeriod.Month, time).Left);
    }

    [Fact]
    public async Task Shards_share_the_budget_of_their_folder()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(4), new BatchOptions { Shard = new Shard(1, 2) });
        decimal spent = 50m - FolderBudget.Left(fixture.Destination, 50m, SpendingPeriod.Month);
        Assert.True(spent > 0);
        Assert.Equal(25m - spent, Left(1));
        Assert.Equal(25m, Left(2));
        // What no shard spent is shared too.
        Assert.Equal((50m - spent) / 3, FolderBudget.Left(
            fixture.Destination, 50m, SpendingPeriod.Month, new Shard(1, 3)));

        // Asked once the folder is held; with nothing left nothing is written, and the folder is free again.
        bool isHeld = false;
        var options = new BatchOptions
        {
            Shard = new Shard(2, 2),
            MaxCostOnceHeld = () =>
            {
                isHeld = Batch.IsLocked(fixture.Destination);
                return FolderBudget.Left(fixture.Destination, spent, SpendingPeriod.Month, new Shard(2, 2));
            },
        };
        NbException error = Assert.Throws<NbException>(() => fixture.Open(EmulatorFixture.Many(4), options));
        Assert.Equal(("Nb.Budget.Exceeded", true), (error.ErrorId, isHeld));
        Assert.False(Batch.IsLocked(fixture.Destination));

        decimal Left(int number) => FolderBudget.Left(
            fixture.Destination, 50m, SpendingPeriod.Month, new Shard(number, 2));
    }

    [Theory]
    [InlineData("1.txt")]
    [InlineData("2.txt")]
    [InlineData("3.txt")]
    public void An_unreadable_spending_file_does_not_hide_the_others(string held)
    {
        using var folder = new TemporaryFolder();
        string month = Path.Combine(folder.Path, "2026-11");
        Directory.CreateDirectory(month);
        foreach (string name in (string[])["1.txt", "2.txt", "3.txt"])
        {
            File.WriteAllText(Path.Combine(month, name), "2026-11-27T10:00:00Z 1\n");
        }
        var time = new SteppedTime(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        var allowance = Allowance.In(folder.Path, 50m, SpendingPeriod.Month, time);
        using (new FileStream(Path.Combine(month, held), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(48m, allowance.Left);
        }
        Assert.Equal(47m, allowance.Left);
    }

    [Fact]
    public void A_call_that_does_not_fit_is_not_set_aside()
    {
        using var folder = new TemporaryFolder();
        var allowance = Allowance.In(folder.Path, 0.01m, SpendingPeriod.Session);
        var budget = new Budget(null, allowance);
        Assert.Equal(0.01m, budget.Limit);
        Assert.Null(budget.TryReserve(0.04m, Model));
        Assert.Null(budget.TryReserveInJob(0.04m, Model, 0.5m));
        Assert.Equal(0.01m, allowance.Left);
    }

    [Fact]
    public async Task A_folder_has_a_budget_of_its_own()
    {
        using var fixture = new EmulatorFixture();
        Assert.Equal(50m, FolderBudget.Left(fixture.Destination, 50m, SpendingPeriod.Month));
        await fixture.RunAsync(EmulatorFixture.Many(2));
        decimal spent = 50m - FolderBudget.Left(fixture.Destination, 50m, SpendingPeriod.Month);
        Assert.True(spent > 0);
        Assert.Equal(50m, FolderBudget.Left(fixture.Destination, 50m, SpendingPeriod.Session));
        NbException error = Assert.Throws<NbException>(
            () => FolderBudget.Left(fixture.Destination, spent, SpendingPeriod.Month));
        Assert.Equal("Nb.Budget.Exceeded", error.ErrorId);
    }

    [Fact]
    public async Task What_jobs_cost_counts_from_when_they_are_submitted_and_once()
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions { BatchPending = TimeSpan.FromDays(1) });
        using var folder = new TemporaryFolder();
        var allowance = Allowance.In(folder.Path, 50m, SpendingPeriod.Month);
        var service = new ImageService(fixture.Service.Client, fixture.Service.Catalog) { Allowance = allowance };
        var options = new BatchOptions { Mode = BatchMode.Batch, Wait = false };
        decimal? estimate;
        using (var batch = Batch.Open(fixture.Destination, service, fixture.Manifest(EmulatorFixture.Many(2)), options))
        {
            await foreach (BatchItem _ in batch.RunAsync()) { }
            Assert.Equal(2, batch.Summary.Submitted);
            estimate = batch.Items.Sum(item => item.EstimatedBatchCost);
        }
        Assert.Equal(50m - estimate, allowance.Left);
        Assert.Equal(50m - estimate, FolderBudget.Left(fixture.Destination, 50m, SpendingPeriod.Month));
        fixture.Emulator.Advance(TimeSpan.FromDays(2));
        using (var batch = Batch.Open(fixture.Destination, service, null, options))
        {
            await foreach (BatchItem _ in batch.RunAsync()) { }
            Assert.Equal(2, batch.Summary.Made);
        }
        Assert.Equal(50m - estimate, allowance.Left);
    }

    [Fact]
    public void A_call_that_still_fits_is_sent_although_others_took_money_meanwhile()
    {
        using var folder = new TemporaryFolder();
        var elsewhere = new Budget(null, Allowance.In(folder.Path, null, SpendingPeriod.Session));
        // Asked for what is left, and then once more when the money is taken.
        var time = new AskedTime(2, () => elsewhere.TryReserve(0.01m));
        decimal usual = elsewhere.UsualCost(0.03m, Model);
        var budget = new Budget(null, Allowance.In(folder.Path, usual + 0.05m, SpendingPeriod.Day, time));
        Assert.True(budget.MostCost(0.03m, Model) > usual + 0.05m);
        Assert.Equal(usual + 0.04m, budget.TryReserve(0.03m, Model)?.Amount);
        Assert.Equal(0.01m, elsewhere.Committed);
    }

    private sealed class AskedTime(int at, Action act) : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow()
        {
            if (++_asked == at) act();
            return new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        }
    }

    private sealed class SteppedTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
