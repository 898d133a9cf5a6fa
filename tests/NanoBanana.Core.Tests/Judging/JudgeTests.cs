using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Pictures;

namespace NanoBanana.Tests.Judging;

/// <summary>A judge's answer is a score, or an error that says why it is none.</summary>
public sealed class JudgeTests
{
    [Fact]
    public async Task A_picture_of_the_reference_scores_high_and_another_low()
    {
        using var fixture = new EmulatorFixture();
        NbImage fox = await fixture.DrawAsync("a fox"), owl = await fixture.DrawAsync("an owl");
        NbImage same = await DrawWithAsync(fixture, "the fox asleep", fox),
            other = await DrawWithAsync(fixture, "the owl asleep", owl);

        Judgment right = await AskAsync(fixture, same, fox), wrong = await AskAsync(fixture, other, fox);

        Assert.True(right.Score > 0.9);
        Assert.True(wrong.Score < 0.5);
        Assert.Equal(["face", "clothing", "colors", "style"], right.Aspects.Select(aspect => aspect.Name));
        Assert.Empty(right.Reasons);
        Assert.Contains("Reference 1", wrong.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(("nb-judge-1", "gemini-3.5-flash-lite", 1), (right.Judge, right.Model, right.Votes));
        Assert.True(right.Cost > 0);
    }

    [Theory]
    [InlineData("judgeRefuses", "Nb.Judge.Refused")]
    [InlineData("judgeBrokenJson", "Nb.Judge.NoJson")]
    [InlineData("judgeMissingFields", "Nb.Judge.MissingField")]
    public async Task An_unreadable_answer_of_a_judge_is_an_error_with_its_cost(string fault, string id)
    {
        using EmulatorFixture fixture = With($$"""[{"fault":"{{fault}}"}]""");
        NbImage fox = await fixture.DrawAsync("a fox");

        NbException error = await Assert.ThrowsAsync<NbException>(() => AskAsync(fixture, fox, fox));

        Assert.Equal(id, error.ErrorId);
        Assert.True(error.Cost > 0);
    }

    [Fact]
    public async Task Json_in_a_code_block_is_read_too()
    {
        using EmulatorFixture fixture = With("""[{"fault":"judgeFencedJson"}]""");
        NbImage fox = await fixture.DrawAsync("a fox");

        Assert.Equal(1, (await AskAsync(fixture, fox, fox)).Score);
    }

    [Fact]
    public async Task The_median_of_three_votes_is_used_and_a_broken_vote_is_reported()
    {
        using EmulatorFixture fixture = With(
            """[{"fault":"judgeLowScores","nth":1},{"fault":"judgeRefuses","nth":2}]""");
        NbImage fox = await fixture.DrawAsync("a fox");

        Judgment one = await AskAsync(fixture, fox, fox, votes: 3);
        Judgment three = await AskAsync(fixture, fox, fox, votes: 3);

        Assert.Equal((2, 0.6), (one.Votes, one.Score));
        Assert.Single(one.Warnings);
        Assert.Equal((3, 1.0), (three.Votes, three.Score));
        Assert.Equal(5, fixture.Asked.Count(entry => entry.Path.Contains("flash-lite", StringComparison.Ordinal)) - 1);
    }

    [Fact]
    public async Task A_judge_that_the_service_lacks_is_reported_before_anything_is_paid_for()
    {
        using var fixture = new EmulatorFixture();
        JudgeRules rules = JudgeRules.Load(fixture.Write("judge.json", """
            {"models":[{"id":"gemini-9-judge","prices":{"textInPerMillion":1,"textOutPerMillion":2}}]}
            """));
        var judge = new Judge(fixture.Service.Client, rules, rules.Resolve("gemini-9-judge", ModelCatalog.BuiltIn));

        NbException error = await Assert.ThrowsAsync<NbException>(() => judge.DemandAsync(default));

        Assert.Equal("Nb.Judge.UnknownModel", error.ErrorId);
        Assert.Equal(0, fixture.Billed);
        Assert.Equal("nb-judge-1+judge", rules.Id);
    }

    [Theory]
    [InlineData("gemini-3.7-flsh", "gemini-3.7-flash")]
    [InlineData("nb2", "draws")]
    public void A_model_that_does_not_judge_is_refused_with_one_that_does(string typed, string hint)
    {
        NbException error = Assert.Throws<NbException>(() => JudgeRules.BuiltIn.Resolve(typed, ModelCatalog.BuiltIn));

        Assert.Equal("Nb.Judge.UnknownModel", error.ErrorId);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_an_unknown_key_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "judge.json");
        File.WriteAllText(path, """{"word":{}}""");

        NbException error = Assert.Throws<NbException>(() => JudgeRules.Load(path));

        Assert.Equal("Nb.Judge.DataInvalid", error.ErrorId);
        Assert.Contains("'words'", error.Message, StringComparison.Ordinal);
    }

    private static EmulatorFixture With(string faults) =>
        new(new EmulatorOptions { Faults = FaultScript.Parse(faults) });

    private static Task<Judgment> AskAsync(EmulatorFixture fixture, NbImage image, NbImage reference, int votes = 1) =>
        fixture.Service.Judge(votes: votes).AskAsync(new JudgeQuestion
        {
            Image = image,
            References = [new Reference(reference.ToPicture(), ReferenceRole.Character, "fox")],
        }, default);

    private static async Task<NbImage> DrawWithAsync(EmulatorFixture fixture, string prompt, NbImage reference) =>
        Assert.Single(await fixture.SendAsync(new()
        {
            Prompt = prompt,
            References = [new Reference(reference.ToPicture())],
        }));
}
