using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;

namespace NanoBanana.Tests.Batches;

/// <summary>What a manifest says of checks counts, or it is refused before anything is paid for.</summary>
public sealed class CheckOptionTests
{
    [Theory]
    [InlineData(""" "votes":3 """, "Nb.Judge.NothingJudged")]
    [InlineData(""" "judgeModel":"gemini-3.7-flash" """, "Nb.Judge.NothingJudged")]
    [InlineData(""" "votes":3,"policy":"size.json" """, "Nb.Judge.NothingJudged")]
    [InlineData(""" "maximumDrift":3 """, "Nb.Request.NothingToProtect")]
    [InlineData(""" "lettering":[""] """, "Nb.Judge.NoLetters")]
    [InlineData(""" "lettering":["OPEN","\u200B"] """, "Nb.Judge.NoLetters")]
    public void What_no_item_uses_is_refused_by_name(string options, string id)
    {
        using var fixture = new EmulatorFixture();
        fixture.Write("size.json", """{"minimumWidth":100}""");

        NbException error = Assert.Throws<NbException>(() =>
            fixture.Open($$"""{"items":[{"name":"a","prompt":"a fox",{{options}}}]}"""));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Billed);
    }

    [Fact]
    public void What_holds_for_some_of_the_items_is_told_of_the_others()
    {
        using var fixture = new EmulatorFixture();

        BatchPlan plan = BatchPlan.Create(fixture.Manifest("""
            {"votes":3,"maximumDrift":5,"items":[{"name":"a","prompt":"a sign \"OPEN\"","lettering":["OPEN"]},
                {"name":"b","prompt":"a fox"},{"name":"c","from":"b","edit":"add a scarf"}]}
            """), fixture.Service);

        Assert.Contains(plan.Warnings, warning =>
            warning.StartsWith("'votes' counts for 1 of the 3 items", StringComparison.Ordinal));
        Assert.Contains(plan.Warnings, warning =>
            warning.StartsWith("'maximumDrift' counts for 1 of the 3 items", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(BatchMode.Live, "*image*:generateContent")]
    [InlineData(BatchMode.Batch, "*:batchGenerateContent")]
    public async Task Words_that_no_order_names_are_told_and_reject_nothing(BatchMode mode, string path)
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions
        {
            BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero,
            Faults = FaultScript.Parse($$"""[{"fault":"surplusLettering","path":"{{path}}"}]"""),
        });

        (BatchSummary summary, _) = await fixture.RunAsync("""
            {"items":[{"name":"a","prompt":"a shop \"Bakery\" with a sign \"OPEN\"","lettering":["OPEN"],
                "model":"nb2-lite"}]}
            """, new BatchOptions { Mode = mode, PollInterval = TimeSpan.FromMilliseconds(1) });

        Assert.Equal(1, summary.Made);
        NbImage made = ImageFile.Import(Path.Combine(fixture.Destination, "a.jpg"));
        Assert.True(made.Verdict!.IsAccepted);
        // The prompt ordered the bakery too.
        const string Told = "\u2018Lorem ipsum\u2019 stands in the picture too, and no order names it.";
        Assert.Contains(Told, made.Verdict.Reasons);
        Assert.Contains(Told, made.Warnings);
    }
}
