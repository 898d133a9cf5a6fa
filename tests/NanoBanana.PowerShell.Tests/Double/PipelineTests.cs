using EngineDouble;
using NanoBanana.PowerShell.Tests.Samples;

namespace NanoBanana.PowerShell.Tests.Double;

/// <summary>The order of calls and what ends a pipeline; tests/Pester/Engine.Tests.ps1 asks the real engine the same.</summary>
public sealed class PipelineTests
{
    private readonly List<string> _trace = [];

    [Fact]
    public void Without_input_a_cmdlet_processes_once()
    {
        PipelineRun run = Pipeline.Invoke<InvokeSampleCommand>(new { Name = "a", Value = "x", Trace = _trace });

        Assert.Equal(["x"], run.Succeeded().Output);
        Assert.Equal(["a.Begin", "a.Process(x)", "a.End", "a.Dispose"], _trace);
    }

    [Fact]
    public void With_empty_input_a_cmdlet_processes_never()
    {
        Pipeline.Invoke<InvokeSampleCommand>(new { Name = "a", Trace = _trace }, input: Array.Empty<object>());

        Assert.Equal(["a.Begin", "a.End", "a.Dispose"], _trace);
    }

    [Fact]
    public void Objects_flow_one_by_one()
    {
        PipelineRun run = Chain(new { Name = "a", Trace = _trace }, new { Name = "b", Trace = _trace }).Invoke(["x", "y"]);

        Assert.Equal(["x", "y"], run.Succeeded().OutputOf<string>());
        Assert.Equal(
            [
                "a.Begin", "b.Begin", "a.Process(x)", "b.Process(x)", "a.Process(y)", "b.Process(y)", "a.End", "b.End",
                "a.Dispose", "b.Dispose",
            ],
            _trace);
    }

    [Fact]
    public void An_object_written_at_begin_begins_the_next_command_first()
    {
        Chain(
            new { Name = "a", Value = "x", At = "Begin", Trace = _trace },
            new { Name = "b", Trace = _trace }).Invoke().Succeeded();

        Assert.Equal(
            ["a.Begin", "b.Begin", "b.Process(x)", "a.Process(x)", "a.End", "b.End", "a.Dispose", "b.Dispose"], _trace);
    }

    [Fact]
    public void Select_first_ends_the_commands_before_it_without_their_end()
    {
        PipelineRun run = Pipeline
            .Pipe<InvokeSampleCommand>(new { Name = "a", Trace = _trace })
            .First(1)
            .Pipe<InvokeSampleCommand>(new { Name = "b", Trace = _trace })
            .Invoke(["x", "y"]);

        Assert.Equal(["x"], run.Succeeded().Output);
        Assert.Equal(
            ["a.Begin", "b.Begin", "a.Process(x)", "b.Process(x)", "b.End", "a.Dispose", "b.Dispose"], _trace);
    }

    [Fact]
    public void Select_first_reaches_the_cmdlet_as_a_stopped_pipeline()
    {
        PipelineRun run = Pipeline
            .Pipe<InvokeSampleCommand>(new { Name = "a", Do = "Swallow", Times = 2, Trace = _trace })
            .First(1)
            .AllowViolations()
            .Invoke(["x"]);

        Assert.Contains("saw PipelineStoppedException", _trace);
        Assert.Contains("swallowed", Assert.Single(run.Violations));
    }

    [Fact]
    public void A_swallowed_stop_fails_the_test_that_runs_it()
    {
        PipelineBuilder pipeline = Pipeline
            .Pipe<InvokeSampleCommand>(new { Do = "Swallow", Times = 2 })
            .First(1);

        EngineContractException e = Assert.Throws<EngineContractException>(() => pipeline.Invoke(["x"]));
        Assert.Contains("swallowed", e.Message);
    }

    [Fact]
    public void A_thrown_exception_ends_the_pipeline_with_its_type_as_id()
    {
        PipelineRun run = Chain(
            new { Name = "a", Trace = _trace },
            new { Name = "b", Do = "Throw", Trace = _trace }).Invoke(["x", "y"]);

        Assert.Equal(
            "System.FormatException,NanoBanana.PowerShell.Tests.Samples.InvokeSampleCommand",
            run.TerminatingError!.FullyQualifiedErrorId);
        Assert.Equal(["a.Begin", "b.Begin", "a.Process(x)", "b.Process(x)", "a.Dispose", "b.Dispose"], _trace);
    }

    [Fact]
    public void A_terminating_error_keeps_its_record()
    {
        PipelineRun run = Pipeline.Invoke<InvokeSampleCommand>(new { Value = "x", Do = "Terminate", Trace = _trace });

        System.Management.Automation.ErrorRecord error = run.SingleError();
        Assert.Equal("Sample.Bad,NanoBanana.PowerShell.Tests.Samples.InvokeSampleCommand", error.FullyQualifiedErrorId);
        Assert.Equal("it is bad", error.ToString());
        Assert.Equal("make it good", error.ErrorDetails!.RecommendedAction);
        Assert.Equal("InvalidData: (x:String) [Invoke-Sample], FormatException", error.CategoryInfo.ToString());
        Assert.Equal(["sample.Begin", "sample.Process(x)", "sample.Dispose"], _trace);
    }

    [Fact]
    public void A_terminating_error_ends_the_pipeline_even_when_the_cmdlet_catches_it()
    {
        PipelineRun run = Pipeline
            .Pipe<InvokeSampleCommand>(new { Do = "TerminateAndSwallow", Trace = _trace })
            .AllowViolations()
            .Invoke();

        Assert.NotNull(run.TerminatingError);
        Assert.Contains("saw PipelineStoppedException", _trace);
    }

    [Fact]
    public void An_error_does_not_end_the_pipeline()
    {
        PipelineRun run = Pipeline.Invoke<InvokeSampleCommand>(new { Do = "Error" }, input: ["x", "y"]);

        Assert.Equal(["x", "y"], run.Errors.Select(error => error.TargetObject));
        Assert.Null(run.TerminatingError);
    }

    [Theory]
    [InlineData("SilentlyContinue")]
    [InlineData("Ignore")]
    public void An_error_may_be_silenced(string action)
    {
        PipelineRun run = Pipeline.Invoke<InvokeSampleCommand>(new { Do = "Error", ErrorAction = action });
        Assert.Empty(run.Succeeded().Errors);
    }

    [Fact]
    public void Error_action_stop_makes_an_error_terminating()
    {
        PipelineRun run = Pipeline.Invoke<InvokeSampleCommand>(
            new { Do = "Error", ErrorAction = "Stop", Trace = _trace }, input: ["x", "y"]);

        Assert.Equal("x", run.TerminatingError!.TargetObject);
        Assert.Equal(["sample.Begin", "sample.Process(x)", "sample.Dispose"], _trace);
    }

    [Fact]
    public void The_error_action_variable_holds_where_nothing_is_bound()
    {
        Session session = new() { Variables = { ["ErrorActionPreference"] = "Stop" } };
        Assert.NotNull(session.Invoke<InvokeSampleCommand>(new { Do = "Error" }).TerminatingError);
    }

    [Fact]
    public void Writing_from_another_thread_is_refused_and_remembered()
    {
        PipelineRun run = Pipeline
            .Pipe<InvokeSampleCommand>(new { Do = "WriteOnThread", Trace = _trace })
            .AllowViolations()
            .Invoke();

        Assert.Contains("refused", _trace);
        Assert.Empty(run.Output);
        Assert.Contains("WriteObject", Assert.Single(run.Violations));
    }

    [Fact]
    public void Writing_from_dispose_is_refused()
    {
        PipelineRun run = Pipeline.Pipe<InvokeSampleCommand>(new { At = "Dispose" }).AllowViolations().Invoke();
        Assert.Contains(run.Violations, violation => violation.Contains("WriteObject", StringComparison.Ordinal));
    }

    [Fact]
    public void Ctrl_c_calls_stop_processing_and_ends_at_the_next_write()
    {
        using ManualResetEventSlim hanging = new();
        RunningPipeline running = Pipeline.Pipe<WaitSampleCommand>(new { Hanging = hanging, Trace = _trace }).Start();
        hanging.Wait();
        running.Stop();
        PipelineRun run = running.Wait();

        Assert.True(run.Stopped);
        Assert.Empty(run.Output);
        Assert.Null(run.TerminatingError);
        Assert.Equal(["stopping", "wait.Dispose"], _trace);
    }

    [Fact]
    public void After_ctrl_c_a_cmdlet_that_returns_still_sees_its_end()
    {
        using ManualResetEventSlim hanging = new();
        RunningPipeline running = Pipeline
            .Pipe<WaitSampleCommand>(new { Hanging = hanging, Return = true, Trace = _trace })
            .Start();
        hanging.Wait();
        running.Stop();

        Assert.True(running.Wait().Stopped);
        Assert.Equal(["stopping", "wait.End", "wait.Dispose"], _trace);
    }

    [Fact]
    public void A_fault_of_the_test_itself_comes_back_to_the_test()
    {
        PipelineBuilder pipeline = Pipeline.Pipe<InvokeSampleCommand>().Tap(_ => throw new ArithmeticException("mine"));
        Assert.Throws<ArithmeticException>(() => pipeline.Invoke());
    }

    [Fact]
    public void A_cmdlet_called_by_hand_says_that_it_has_no_engine()
    {
        using InvokeSampleCommand cmdlet = new();
        Assert.Throws<NotSupportedException>(() => cmdlet.WriteObject("x"));
    }

    private static PipelineBuilder Chain(object first, object second) =>
        Pipeline.Pipe<InvokeSampleCommand>(first).Pipe<InvokeSampleCommand>(second);
}
