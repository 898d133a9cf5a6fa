using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Tests.Batches;

namespace NanoBanana.Tests.Generation;

public sealed class ImageEngineTests
{
    private const string LongThoughts = """{"faults":[{"fault":"longThoughts","count":40000}]}""";

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Answers_with_long_thoughts_never_exceed_the_budget(int parallel)
    {
        using var fixture = new EngineFixture(LongThoughts);
        var budget = new Budget(1);
        await fixture.RunAsync(20, new EngineOptions { ThrottleLimit = parallel, Budget = budget }, model: "nb2.1");
        Assert.Equal(fixture.BilledUsd, budget.Spent);
        Assert.InRange(fixture.BilledUsd, 0.60m, 1.00m);
        Assert.Equal(20, fixture.Outcomes.Count());
        Assert.All(fixture.Outcomes.Where(outcome => outcome.Images.IsEmpty), outcome =>
            Assert.Equal("Nb.Budget.Exceeded", outcome.Error!.ErrorId));
    }

    [Fact]
    public async Task One_long_answer_among_short_ones_does_not_exceed_the_budget()
    {
        using var fixture = new EngineFixture("""{"faults":[{"fault":"longThoughts","count":40000,"every":5}]}""");
        await fixture.RunAsync(60, new EngineOptions { ThrottleLimit = 16, Budget = new Budget(2) }, model: "nb2.1");
        Assert.InRange(fixture.BilledUsd, 1.00m, 2.00m);
    }

    [Fact]
    public async Task A_small_budget_still_buys_what_fits()
    {
        using var fixture = new EngineFixture();
        await fixture.RunAsync(3, new EngineOptions { Budget = new Budget(0.10m) }, model: "nb2.1");
        Assert.Equal(2, fixture.Outcomes.Count(outcome => outcome.Images.Length == 1));
        Assert.InRange(fixture.BilledUsd, 0.03m, 0.10m);
    }

    [Fact]
    public async Task Answers_without_a_picture_count_as_spent()
    {
        using var fixture =
            new EngineFixture("""{"faults":[{"fault":"noImage"},{"fault":"longThoughts","count":40000}]}""");
        var budget = new Budget(1);
        await fixture.RunAsync(20, new EngineOptions { ThrottleLimit = 4, Budget = budget }, model: "nb2.1");
        Assert.Equal(fixture.BilledUsd, budget.Spent);
        Assert.InRange(fixture.BilledUsd, 0.50m, 1.00m);
    }

    [Fact]
    public async Task A_try_that_may_have_been_billed_is_charged_before_the_next_is_sent()
    {
        using var fixture = new EngineFixture(
            """{"faults":[{"fault":"resetBefore","path":"*:generateContent"}]}""",
            new GeminiClientOptions { ResendUncertain = true, MaximumRetryCount = 9, RetryDelay = TimeSpan.Zero });
        var budget = new Budget(0.30m);
        await fixture.RunAsync(1, new EngineOptions { Budget = budget });
        // The consent is to send again, not to spend more than the budget.
        Outcome outcome = Assert.Single(fixture.Outcomes);
        Assert.Equal((Settlement.Uncertain, "Nb.Service.ConnectionLost"), (outcome.Settlement, outcome.Error!.ErrorId));
        Assert.InRange(fixture.Generations, 1, 3);
        Assert.InRange(fixture.BilledUsd, 0.01m, 0.30m);
        Assert.InRange(budget.Committed, fixture.BilledUsd, 0.30m);
    }

    [Fact]
    public async Task Engines_that_share_places_never_have_more_in_flight_than_there_are()
    {
        using var fixture = new EngineFixture();
        using var places = new SemaphoreSlim(2);
        var options = new EngineOptions { ThrottleLimit = 8, Places = places };
        await using var one = new ImageEngine(fixture.Service, options, CancellationToken.None);
        await using var other = new ImageEngine(fixture.Service, options, CancellationToken.None);
        await places.WaitAsync();
        foreach (int number in Enumerable.Range(0, 6)) one.Add(fixture.Order($"picture {number}"));
        foreach (int number in Enumerable.Range(6, 6)) other.Add(fixture.Order($"picture {number}"));
        Assert.Equal(1, one.InFlight + other.InFlight);
        int[] made = await Task.WhenAll(PullAsync(one), PullAsync(other));
        Assert.Equal([6, 6], made);
        Assert.Equal(1, places.CurrentCount);

        static async Task<int> PullAsync(ImageEngine engine)
        {
            int made = 0;
            while (await engine.NextAsync() is { } step) made += step.Outcome?.Images.Length ?? 0;
            return made;
        }
    }

    [Fact]
    public async Task An_engine_that_waits_for_a_shared_place_ends_when_it_is_told_to()
    {
        using var fixture = new EngineFixture();
        using var places = new SemaphoreSlim(0, 1);
        var stopping = new TaskCompletionSource();
        var options = new EngineOptions { Places = places, Stopping = stopping.Task };
        await using (var engine = new ImageEngine(fixture.Service, options, CancellationToken.None))
        {
            engine.Add(fixture.Order("a fox"));
            Task<EngineStep?> next = engine.NextAsync();
            Assert.False(next.IsCompleted);
            stopping.SetResult();
            Assert.Null(await next);
        }
        Assert.Equal(0, fixture.Generations);
        // It waits for none any more: the next one is free for others.
        places.Release();
        Assert.Equal(1, places.CurrentCount);
    }

    [Fact]
    public async Task A_shared_place_is_left_to_others_while_the_service_wants_a_pause()
    {
        using var fixture = new EngineFixture("""{"faults":[{"fault":"rateLimit","retryDelay":"3600s"}]}""");
        using var places = new SemaphoreSlim(1, 1);
        var options = new EngineOptions { Places = places, MostRounds = 8 };
        await using var engine = new ImageEngine(fixture.Service, options, CancellationToken.None);
        foreach (int number in Enumerable.Range(0, 3)) engine.Add(fixture.Order($"picture {number}"));
        while (await engine.NextAsync() is not null) { }
        Assert.Equal(2, fixture.Generations);
        // The third had asked for it when the second was refused.
        Assert.Equal(1, places.CurrentCount);
    }

    [Fact]
    public async Task An_error_that_affects_all_requests_ends_the_run_after_one()
    {
        using var fixture = new EngineFixture("""{"faults":[{"fault":"perDayQuota"}]}""");
        ImageEngine engine = await fixture.RunAsync(50, new EngineOptions { ThrottleLimit = 1 });
        Assert.Equal("Nb.Service.QuotaExhausted", engine.Fatal!.ErrorId);
        Assert.Equal(1, fixture.Generations);
    }

    [Fact]
    public async Task A_long_pause_of_one_request_is_reported_and_delays_no_other()
    {
        using var fixture = new EngineFixture("""{"faults":[{"fault":"rateLimit","nth":[2],"retryDelay":"3600s"}]}""");
        await fixture.RunAllAsync(6, new EngineOptions { ThrottleLimit = 1, MostRounds = 8 });
        Assert.Equal(5, fixture.Outcomes.Count(outcome => outcome.Images.Length == 1));
        EngineStep told = Assert.Single(fixture.Steps, step => step.Pause is not null);
        Assert.Equal(TimeSpan.FromHours(1), told.Pause!.RetryAfter);
        Outcome last = fixture.Outcomes.Last();
        Assert.Equal((Settlement.NotCarriedOut, "Nb.Service.RateLimited"), (last.Settlement, last.Error!.ErrorId));
        Assert.Contains("1 h", last.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_pause_of_one_model_does_not_delay_the_others()
    {
        using var fixture =
            new EngineFixture("""{"faults":[{"fault":"rateLimit","path":"*flash-lite*","retryDelay":"3600s"}]}""");
        var engine = new ImageEngine(fixture.Service, new EngineOptions { ThrottleLimit = 1, MostRounds = 8 },
            CancellationToken.None);
        for (int i = 0; i < 10; i++)
        {
            engine.Add(fixture.Order($"{i}"));
            engine.Add(fixture.Order($"{i}", "nb2-3.1"));
        }
        while (await engine.NextAsync() is { } step) fixture.Steps.Add(step);
        Assert.Equal(10, fixture.Outcomes.Count(outcome => outcome.Images.Length == 1));
        Assert.Equal(10, fixture.Outcomes.Count(outcome => outcome.Error is { IsRateLimit: true }));
        // Two were asked; what they said was believed of the model.
        Assert.Equal(12, fixture.Generations);
    }

    [Fact]
    public async Task Orders_added_later_are_not_sent_during_a_long_pause_of_their_model()
    {
        using var fixture = new EngineFixture("""{"faults":[{"fault":"rateLimit","retryDelay":"3600s"}]}""");
        await fixture.RunAsync(10, new EngineOptions { ThrottleLimit = 1 });
        Assert.Equal((10, 2),
            (fixture.Outcomes.Count(outcome => outcome.Error is { IsRateLimit: true }), fixture.Generations));
    }

    [Fact]
    public async Task A_short_pause_is_waited_for()
    {
        using var fixture = new EngineFixture(
            """{"faults":[{"fault":"rateLimit","nth":[1,2],"retryDelay":"45s"}]}""",
                new GeminiClientOptions { MaximumRetryCount = 0 });
        var time = new SteppingTime();
        await fixture.RunAllAsync(3, new EngineOptions { ThrottleLimit = 1, MostRounds = 8, TimeProvider = time });
        Assert.Equal(3, fixture.Outcomes.Count(outcome => outcome.Images.Length == 1));
        Assert.Equal(2, fixture.Steps.Count(step => step.Pause is not null));
        Assert.Equal(2, time.Waits.Count);
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(45)));
    }

    [Fact]
    public async Task Ending_the_engine_leaves_nothing_running()
    {
        using var fixture = new EngineFixture("""{"faults":[{"fault":"hang"}]}""");
        using var canceled = new CancellationTokenSource();
        var engine = new ImageEngine(fixture.Service, new EngineOptions { ThrottleLimit = 3 }, canceled.Token);
        for (int i = 0; i < 5; i++) engine.Add(fixture.Order($"{i}"));
        await fixture.ArrivedAsync(3);
        await canceled.CancelAsync();
        while (await engine.NextAsync() is { } step) fixture.Steps.Add(step);
        Assert.Equal(3, fixture.Outcomes.Count(outcome => outcome.Settlement == Settlement.Uncertain));
        Assert.Equal(3, fixture.Outcomes.Count());
    }
}
