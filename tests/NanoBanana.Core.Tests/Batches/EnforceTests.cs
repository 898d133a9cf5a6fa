using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Batches;

/// <summary>What a batch makes is good enough, in single calls and in jobs: tried again, judged again or composed
/// anew, whichever is the cheapest.</summary>
public sealed class EnforceTests
{
    private const string Lite = "*image*:generateContent", Jobs = "*:batchGenerateContent";

    private static readonly BatchOptions Half = new()
    {
        Mode = BatchMode.Batch, PollInterval = TimeSpan.FromMilliseconds(1),
    };

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task Two_wrong_characters_are_tried_again_with_the_reasons_and_the_third_is_kept(BatchMode mode)
    {
        using EmulatorFixture fixture = WithWrong(1, 2);
        string json = await FoxesAsync(fixture, """, "minimumScore": 0.8, "maximumTryCount": 3 """);

        (BatchSummary summary, _) = await fixture.RunAsync(json, Half with { Mode = mode });

        Assert.Equal((1, 3), (summary.Made, fixture.Billed - Judgings(fixture)));
        NbImage made = ImageFile.Import(Path.Combine(fixture.Destination, "a.jpg"));
        Assert.Equal((true, 3), (made.Verdict!.IsAccepted, made.Verdict.Try));
        Assert.Contains("Reference 1 is not in the picture", made.ComposedPrompt, StringComparison.Ordinal);
        string[] others = ["a-try1.jpg", "a-try2.jpg"];
        Assert.All(others, name => Assert.False(
            ImageFile.Import(Path.Combine(fixture.Destination, name)).Verdict!.IsAccepted));
        CostLine line = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((3, 3), (line.Answers, line.Judgings));
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, line.Cost + line.JudgingCost);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, summary.Cost);
        // And it stays so.
        (summary, _) = await fixture.RunAsync(json, Half with { Mode = mode });
        Assert.Equal((1, line.Answers + line.Judgings), (summary.UpToDate, fixture.Billed));
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task An_item_without_a_good_try_is_rejected_with_reasons_and_not_tried_again(BatchMode mode)
    {
        using EmulatorFixture fixture = WithWrong(1, 2, 3, 4);
        string json = await FoxesAsync(fixture, """, "minimumScore": 0.8, "maximumTryCount": 2 """);
        BatchOptions options = Half with { Mode = mode };

        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(json, options);

        Assert.Equal(1, summary.Rejected);
        Assert.Equal("Nb.Judge.Rejected", items[^1].Error!.ErrorId);
        Assert.Contains("Reference 1 is not in the picture", items[^1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Billed - Judgings(fixture));
        (summary, _) = await fixture.RunAsync(json, options);
        Assert.Equal((1, 2), (summary.Rejected, fixture.Billed - Judgings(fixture)));
        // More tries go on where these ended.
        json = json.Replace("\"maximumTryCount\": 2", "\"maximumTryCount\": 5", StringComparison.Ordinal);
        (summary, _) = await fixture.RunAsync(json, options);
        Assert.Equal((1, 5), (summary.Made, fixture.Billed - Judgings(fixture)));
        Assert.Equal(5, Judgings(fixture));
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task Lowering_the_score_costs_nothing_and_raising_it_buys_only_failing_items(BatchMode mode)
    {
        using EmulatorFixture fixture = WithWrong(1);
        string json = await FoxesAsync(fixture, """, "minimumScore": 0.8 """);
        BatchOptions options = Half with { Mode = mode };
        Assert.Equal(1, (await fixture.RunAsync(json, options)).Summary.Rejected);
        int billed = fixture.Billed;

        string lower = json.Replace("0.8", "0.01", StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.RunAsync(lower, options)).Summary.Made);
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("a", lower, options));
        Assert.Equal(billed, fixture.Billed);

        string higher = json.Replace("0.8", "0.9, \"maximumTryCount\": 2", StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.RunAsync(higher, options)).Summary.Made);
        // The picture that was there was not judged again: its score is known.
        Assert.Equal(billed + 2, fixture.Billed);
    }

    [Fact]
    public async Task A_picture_without_a_score_is_judged_later_and_not_bought_again()
    {
        using var fixture = new EmulatorFixture();
        string json = await FoxesAsync(fixture, "");
        await fixture.RunAsync(json);
        json = await FoxesAsync(fixture, """, "minimumScore": 0.8, "maximumTryCount": 3 """);

        BatchItem planned = BatchPlan.Create(fixture.Manifest(json), fixture.Service, null, fixture.Destination)
            .Items.Single();
        Assert.Equal(BatchItemState.Pending, planned.State);
        Assert.InRange(planned.EstimatedCost!.Value, 0.00001m, 0.01m);
        Assert.Equal(1, (await fixture.RunAsync(json)).Summary.Made);
        Assert.Equal((2, 1), (fixture.Billed, Judgings(fixture)));
        // Another policy or judge asks anew.
        json = json.Replace("0.8", "0.8, \"votes\": 3", StringComparison.Ordinal);
        await fixture.RunAsync(json);
        Assert.Equal((5, 4), (fixture.Billed, Judgings(fixture)));
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task A_missing_picture_is_tried_again_only_if_the_item_asks_for_it(BatchMode mode)
    {
        using EmulatorFixture fixture = With($$"""[{"fault":"noImage","path":"{{PathOf(mode)}}","nth":1}]""");
        BatchOptions options = Half with { Mode = mode };
        const string Once = """{"defaults":{"model":"nb2-lite"},"items":[{"name":"a","prompt":"x"}]}""";
        Assert.Equal(1, (await fixture.RunAsync(Once, options)).Summary.Failed);

        using EmulatorFixture again = With($$"""[{"fault":"noImage","path":"{{PathOf(mode)}}","nth":1}]""");
        string twice = Once.Replace("\"x\"", "\"x\",\"maximumTryCount\":2", StringComparison.Ordinal);
        (BatchSummary summary, _) = await again.RunAsync(twice, options);
        Assert.Equal((1, 2), (summary.Made, again.Billed));
        Assert.Equal(again.Emulator.Statistics.BilledUsd, summary.Cost);
        Assert.Equal("a.jpg", Path.GetFileName(Directory.GetFiles(again.Destination, "a*.jpg").Single()));
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task A_region_is_respected_and_a_changed_one_composes_the_picture_again(BatchMode mode)
    {
        using var fixture = new EmulatorFixture(Quick(new EmulatorOptions { Drift = 5 }));
        await fixture.DrawFileAsync("lamp.jpg", "a lamp");
        string json = """
            {"defaults":{"model":"nb2-lite"},"items":[
              {"name":"red","edit":"make it red","from":"lamp.jpg","region":"100,100,200,200"},
              {"name":"blue","edit":"make it blue","from":"red"}]}
            """;
        BatchOptions options = Half with { Mode = mode };
        Assert.Equal(2, (await fixture.RunAsync(json, options)).Summary.Made);

        string composed = Path.Combine(fixture.Destination, "red.png");
        string model = Path.Combine(fixture.Destination, "red-model.jpg");
        NbImage first = ImageFile.Import(composed);
        Assert.Contains("region 100,100,200,200", first.Derivation!.How, StringComparison.Ordinal);
        string made = ImageFile.Import(model).Sha256;

        json = json.Replace("100,100,200,200", "50,50,100,100", StringComparison.Ordinal);
        int billed = fixture.Billed;
        (BatchSummary again, List<BatchItem> items) = await fixture.RunAsync(json, options with { Only = ["red"] });
        Assert.True(again.Made == 1, $"{again} {items[^1].Error}");
        Assert.Equal(billed, fixture.Billed);
        Assert.Contains("region 50,50,100,100", ImageFile.Import(composed).Derivation!.How, StringComparison.Ordinal);
        Assert.Equal(made, ImageFile.Import(model).Sha256);
        // What is made from it has another source now.
        Assert.Equal(BatchItemState.Pending, fixture.StateOf("blue", json, options));

        json = json.Replace(",\"region\":\"50,50,100,100\"", "", StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.RunAsync(json, options with { Only = ["red"] })).Summary.Made);
        Assert.Equal(billed, fixture.Billed);
        Assert.Equal(made, ImageFile.Import(Path.ChangeExtension(composed, ".jpg")).Sha256);
        Assert.False(File.Exists(composed));
        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf("red", json, options));
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task A_budget_counts_tries_and_judging(BatchMode mode)
    {
        using EmulatorFixture fixture = WithWrong(1, 2, 3, 4, 5, 6, 7, 8, 9);
        string json = await FoxesAsync(fixture, """, "minimumScore": 0.8, "maximumTryCount": 9 """);
        BatchOptions options = Half with { Mode = mode, MaxCost = 0.1m };

        (BatchSummary summary, _) = await fixture.RunAsync(json, options);

        Assert.InRange(fixture.Emulator.Statistics.BilledUsd, 0.03m, 0.1m);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, summary.Cost);
        int made = fixture.Billed;
        // The next one goes on, and does not begin anew.
        (summary, _) = await fixture.RunAsync(json, options with { MaxCost = 5 });
        Assert.Equal(1, summary.Rejected);
        Assert.InRange(made, 2, 17);
        Assert.Equal(9, Directory.GetFiles(fixture.Destination, "a*.jpg").Length);
        Assert.Equal((18, 9), (fixture.Billed, Judgings(fixture)));
    }

    private static string PathOf(BatchMode mode) => mode == BatchMode.Batch ? Jobs : Lite;

    private static int Judgings(EmulatorFixture fixture) => fixture.Emulator.Journal.Entries
        .Count(entry => entry.Path.Contains("flash-lite:generateContent", StringComparison.Ordinal)
            && !entry.Path.Contains("image", StringComparison.Ordinal));

    private static EmulatorOptions Quick(EmulatorOptions options) => options with
    {
        BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero,
    };

    private static EmulatorFixture With(string faults) =>
        new(Quick(new EmulatorOptions { Faults = FaultScript.Parse(faults) }));

    // The wrong character with these tries, however they are asked for.
    private static EmulatorFixture WithWrong(params int[] tries)
    {
        IEnumerable<string> faults = from number in tries
            from path in new[] { Lite, Jobs }
            select FormattableString.Invariant(
                $$"""{"fault":"forgetReferences","path":"{{path}}","nth":{{number}}}""");
        return With($"[{string.Join(',', faults)}]");
    }

    private static async Task<string> FoxesAsync(EmulatorFixture fixture, string options)
    {
        await fixture.DrawFileAsync("fox.jpg", "a fox");
        return $$"""
            {"anchors":[{"name":"fox","path":"fox.jpg"}],"defaults":{"model":"nb2-lite"},
             "items":[{"name":"a","prompt":"the fox asleep","anchors":["fox"]{{options}}}]}
            """;
    }
}
