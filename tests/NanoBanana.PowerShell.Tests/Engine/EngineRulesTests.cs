using System.Management.Automation;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>A cmdlet that breaks a rule of the engine fails the test that runs it, whatever the test looks
/// for.</summary>
public sealed class EngineRulesTests
{
    [Theory]
    [InlineData("Output")]
    [InlineData("Error")]
    [InlineData("Warning")]
    [InlineData("Verbose")]
    [InlineData("Debug")]
    [InlineData("Progress")]
    public void A_write_off_the_pipelines_thread_is_noticed(string stream)
    {
        Assert.Throws<EngineRuleException>(() => Pipeline.Invoke<WriteElsewhereCommand>(new { Stream = stream }));
    }

    [Fact]
    public void A_stop_of_select_object_that_is_swallowed_is_noticed()
    {
        using Session session = new();
        PipelineBuilder pipeline = session.Pipe<WriteOnCommand>().First(1);
        Assert.Throws<EngineRuleException>(() => pipeline.Invoke());
    }

    [Fact]
    public void A_stop_of_select_object_that_is_heeded_is_fine()
    {
        using Session session = new();
        Assert.Single(session.Pipe<WriteOnCommand>(new { Heed = true }).First(1).Invoke().Succeeded().Output);
    }

    [Fact]
    public void A_Ctrl_c_that_is_swallowed_is_noticed()
    {
        using Session session = new();
        using ManualResetEventSlim hanging = new();
        RunningPipeline running = session.Pipe<WriteOnCommand>(new { Hanging = hanging }).Start();
        Assert.True(hanging.Wait(TimeSpan.FromMinutes(2)));
        running.Stop();
        Assert.Throws<EngineRuleException>(running.Wait);
    }

    [Fact]
    public void A_Ctrl_c_that_is_heeded_is_fine()
    {
        using Session session = new();
        using ManualResetEventSlim hanging = new();
        RunningPipeline running = session.Pipe<WriteOnCommand>(new { Hanging = hanging, Heed = true }).Start();
        Assert.True(hanging.Wait(TimeSpan.FromMinutes(2)));
        running.Stop();
        Assert.True(running.Wait().Stopped);
    }

    [Cmdlet(VerbsCommunications.Write, "Elsewhere")]
    public sealed class WriteElsewhereCommand : PSCmdlet
    {
        [Parameter]
        public string Stream { get; set; } = "";

        protected override void ProcessRecord()
        {
            try
            {
                Task.Run(Write).GetAwaiter().GetResult();
            }
            catch (InvalidOperationException)
            {
                // As a cmdlet loses it that does not look at its task.
            }
        }

        private void Write()
        {
            switch (Stream)
            {
                case "Output": WriteObject("x"); break;
                case "Error": WriteError(new ErrorRecord(new FormatException(), "x", ErrorCategory.InvalidData, null));
                    break;
                case "Warning": WriteWarning("x"); break;
                case "Verbose": WriteVerbose("x"); break;
                case "Debug": WriteDebug("x"); break;
                default: WriteProgress(new ProgressRecord(1, "x", "x")); break;
            }
        }
    }

    [Cmdlet(VerbsCommunications.Write, "On")]
    public sealed class WriteOnCommand : PSCmdlet, IDisposable
    {
        private readonly ManualResetEventSlim _stopped = new();

        [Parameter]
        public ManualResetEventSlim? Hanging { get; set; }

        [Parameter]
        public SwitchParameter Heed { get; set; }

        public void Dispose() => _stopped.Dispose();

        protected override void StopProcessing() => _stopped.Set();

        protected override void ProcessRecord()
        {
            Hanging?.Set();
            if (Hanging is not null) _stopped.Wait();
            for (int i = 0; i < 2; i++)
            {
                try
                {
                    if (Hanging is not null && Stopping) throw new PipelineStoppedException();
                    WriteObject(i);
                }
                catch (PipelineStoppedException) when (!Heed)
                {
                }
            }
        }
    }
}
