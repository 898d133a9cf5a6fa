using System.Management.Automation;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

/// <summary>How every cmdlet waits.</summary>
public sealed class AwaitTests
{
    [Fact]
    public void Ctrl_c_ends_a_wait_at_once_and_the_cmdlet_with_it()
    {
        using Session session = new();
        using ManualResetEventSlim waiting = new();
        List<string> said = [];

        RunningPipeline running = session.Pipe<WaitForeverCommand>(new { Waiting = waiting, Said = said })
            .Start(["a", "b"]);
        Assert.True(waiting.Wait(TimeSpan.FromMinutes(2)));
        running.Stop();

        Assert.True(running.Wait().Stopped);
        Assert.Equal(["waits", "stopped", "disposed"], said);
    }

    [Fact]
    public void Events_during_a_wait_are_written_on_the_pipelines_thread()
    {
        using OfflineSession offline = OfflineSession.Connected();
        Assert.NotEmpty(offline.Session
            .Invoke<Commands.NewNbImageCommand>(new { Prompt = "a fox", Verbose = true }).Succeeded().Verbose);
    }

    [Cmdlet(VerbsLifecycle.Wait, "Forever")]
    public sealed class WaitForeverCommand : NbCmdlet
    {
        // Never completes, and knows of no stop.
        private readonly TaskCompletionSource<bool> _never = new();

        [Parameter]
        public ManualResetEventSlim Waiting { get; set; } = null!;

        [Parameter]
        public List<string> Said { get; set; } = null!;

        [Parameter(ValueFromPipeline = true)]
        public string Name { get; set; } = "";

        protected override void ProcessRecord()
        {
            Said.Add("waits");
            Waiting.Set();
            try
            {
                Await(_never.Task);
                Said.Add("went on");
            }
            catch (PipelineStoppedException)
            {
                Said.Add("stopped");
                throw;
            }
        }

        protected override void EndProcessing() => Said.Add("ended");

        protected override void Dispose(bool disposing)
        {
            Said.Add("disposed");
            base.Dispose(disposing);
        }
    }
}
