using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Generation;

public sealed class BudgetTests
{
    // 7.50 USD for a million tokens of thought, 32,768 tokens an answer.
    private static readonly ModelInfo Model = ModelCatalog.BuiltIn.Find("nb2.1")!;

    [Fact]
    public void Calls_run_side_by_side_only_while_the_longest_thoughts_of_all_fit()
    {
        var budget = new Budget(1.50m);
        Reservation first = budget.TryReserve(0.0336m, Model)!;
        Assert.Equal(0.0336m + 2.5m * 0.24576m, first.Amount);
        Assert.NotNull(budget.TryReserve(0.0336m, Model));
        Assert.Null(budget.TryReserve(0.0336m, Model));

        // An answer has shown what the model does: less has to be set aside.
        budget.Learn(Model, 0.010m);
        first.Settle(0.0436m);
        Assert.Equal(0.0336m + 1.25m * 0.24576m, budget.TryReserve(0.0336m, Model)!.Amount);
    }

    [Fact]
    public async Task The_cost_of_judging_does_not_count_as_thinking()
    {
        decimal[] usual = [await UsualAfterAsync(judged: false), await UsualAfterAsync(judged: true)];
        Assert.Equal(usual[0], usual[1]);
        Assert.NotEqual(new Budget(9).UsualCost(0, Model), usual[0]);

        static async Task<decimal> UsualAfterAsync(bool judged)
        {
            using var fixture = new EngineFixture("""{"faults":[{"fault":"longThoughts","count":20000,"nth":1}]}""");
            var budget = new Budget(9);
            await using var engine =
                new ImageEngine(fixture.Service, new EngineOptions { Budget = budget }, CancellationToken.None);
            SingleOrder order = fixture.Order("a fox", "nb2.1");
            var rules = new TryRules(fixture.Service, _ => throw new InvalidOperationException(), path => path);
            PreparedRequest asked = fixture.Service.Prepare(order.Request.Request with { Lettering = ["FOX"] });
            engine.Add(new SingleOrder(order.Request, order.Place)
            {
                Rule = judged ? rules.For(asked, mayBeAlone: true) : null,
            });
            while (await engine.NextAsync() is { } step)
            {
                if (step.Outcome is not { } outcome) continue;
                Assert.Null(outcome.Unchecked);
                Assert.Equal(judged, outcome.Images[0].Verdict?.Cost > 0);
            }
            return budget.UsualCost(0, Model);
        }
    }

    [Fact]
    public void The_rest_of_a_budget_is_spent_by_one_call_at_a_time()
    {
        var budget = new Budget(0.10m);
        Reservation alone = budget.TryReserve(0.0336m, Model)!;
        Assert.Equal(0.10m, alone.Amount);
        Assert.Null(budget.TryReserve(0.0001m, Model));
        budget.Learn(Model, 0.005m);
        alone.Settle(0.0486m);
        // 0.0514 is left, and a call usually costs up to 0.0541.
        Assert.Null(budget.TryReserve(0.0336m, Model));
    }

    [Fact]
    public void A_call_that_may_have_been_billed_counts_with_its_highest_cost()
    {
        var budget = new Budget(1);
        Reservation lost = budget.TryReserve(0.0336m, Model)!;
        lost.Settle(null);
        lost.Settle(0);
        Assert.Equal((0m, lost.Amount, 0), (budget.Spent, budget.Committed, budget.InFlight));
    }

    [Fact]
    public void Half_more_than_the_most_expensive_answer_so_far_is_set_aside()
    {
        var budget = new Budget(1);
        budget.Learn(Model, 0.30m);
        budget.Learn(Model, 0.01m);
        Assert.Equal(0.0336m + 0.45m, budget.UsualCost(0.0336m, Model));
        Assert.Equal(0.0336m + 0.45m, budget.MostCost(0.0336m, Model));
        Assert.Equal(0.0168m + 0.225m, budget.UsualCost(0.0168m, Model, 0.5m));
    }

    [Fact]
    public void A_first_job_is_sized_for_the_longest_thoughts_and_the_next_for_measured_ones()
    {
        var budget = new Budget(1);
        List<Reservation> job = [];
        while (budget.TryReserveInJob(0.0168m, Model, 0.5m) is { } item) job.Add(item);
        Assert.Equal(3, job.Count);
        foreach (Reservation item in job) item.Settle(0.0218m);
        budget.Learn(Model, 0.010m);
        while (budget.TryReserveInJob(0.0168m, Model, 0.5m) is { } item) job.Add(item);
        Assert.True(job.Count > 28, $"{job.Count}");
        Assert.True(budget.Committed <= 1);
    }

    [Fact]
    public void Without_a_limit_everything_is_allowed_and_counted()
    {
        var budget = new Budget(null);
        Assert.All(Enumerable.Range(0, 64), _ => Assert.NotNull(budget.TryReserve(null, Model)));
        Assert.Equal(64, budget.InFlight);
    }
}
