using EngineDouble;
using NanoBanana.PowerShell.Tests.Samples;

namespace NanoBanana.PowerShell.Tests.Double;

public sealed class ConfirmationTests
{
    [Fact]
    public void What_if_says_what_would_be_done_and_does_not()
    {
        PipelineRun run = Pipeline.Invoke<RemoveSampleCommand>(new { Name = "a", WhatIf = true });

        Assert.Empty(run.Succeeded().Output);
        Assert.Equal(["What if: Performing the operation \"Remove sample\" on target \"a\"."], run.HostLines);
    }

    [Fact]
    public void A_medium_impact_needs_no_question()
    {
        PipelineRun run = Pipeline.Invoke<RemoveSampleCommand>(new { Name = "a" });

        Assert.Equal(["a"], run.Output);
        Assert.Empty(run.Prompts);
    }

    [Fact]
    public void Confirm_asks_and_yes_to_all_asks_once()
    {
        PipelineRun run = new Session()
            .Answer(ConfirmAnswer.No, ConfirmAnswer.YesToAll)
            .Invoke<RemoveSampleCommand>(new { Confirm = true }, input: ["a", "b", "c"]);

        Assert.Equal(["b", "c"], run.Output);
        Assert.Equal(2, run.Prompts.Count);
    }

    [Fact]
    public void A_lower_preference_asks_too_and_confirm_false_does_not()
    {
        Session session = new() { Variables = { ["ConfirmPreference"] = "Medium" } };

        Assert.Single(session.Answer(ConfirmAnswer.No).Invoke<RemoveSampleCommand>(new { Name = "a" }).Prompts);
        Assert.Empty(session.Invoke<RemoveSampleCommand>(new { Name = "a", Confirm = false }).Prompts);
    }

    [Fact]
    public void Should_continue_remembers_no_to_all_where_the_cmdlet_keeps_it()
    {
        PipelineRun run = new Session()
            .Answer(ConfirmAnswer.Yes, ConfirmAnswer.NoToAll)
            .Invoke<RemoveSampleCommand>(new { Ask = true }, input: ["a", "b", "c"]);

        Assert.Equal(["a"], run.Output);
        Assert.Equal(["Remove: Really a?", "Remove: Really b?"], run.Prompts);
    }

    [Fact]
    public void A_question_nobody_answers_ends_the_pipeline()
    {
        PipelineRun run = Pipeline.Invoke<RemoveSampleCommand>(new { Name = "a", Confirm = true });
        Assert.Contains("NonInteractive", run.TerminatingError!.ToString());
    }
}
