using System.CommandLine;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Cli;

/// <summary><c>nb stop</c>: has whoever works on a batch stop, and the service end its jobs; what was made by then is
/// kept.</summary>
internal sealed class StopCommand
{
    private readonly Argument<DirectoryInfo> _folder = new("DIR") { Description = "Folder of the batch." };
    private readonly Option<bool> _keepJobs =
        new("--keep-jobs") { Description = "Leave the jobs at the service: nb run fetches their results later." };
    private readonly ServiceOptions _service;

    private StopCommand(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(_keepJobs);
        _service = new ServiceOptions().AddTo(command);
    }

    public static Command Create()
    {
        var command =
            new Command("stop",
            "Stop the process that works on a batch, cancel its jobs at the service, and keep the results made until then.");
        command.SetAction(new StopCommand(command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var printer = new Printer();
        string folder = parsed.GetRequiredValue(_folder).FullName;
        bool isKeeping = parsed.GetValue(_keepJobs);
        try
        {
            bool isAsked = Batch.IsLocked(folder);
            if (isAsked)
            {
                Batch.AskToStop(folder, cancelJobs: !isKeeping);
                printer.Warn("Asked the running process to stop: waiting for requests in flight.");
            }
            if (isAsked || isKeeping)
            {
                using ImageService planner = _service.Connect(parsed, isSending: false);
                BatchPlan plan =
                    await StatusCommand.FollowAsync(folder, planner, printer, Timeout.InfiniteTimeSpan,
                    cancellationToken).ConfigureAwait(false);
                bool isLeft = !isKeeping && plan.Summary.Submitted > 0 && !Batch.IsLocked(folder);
                if (!isLeft) return StatusCommand.Print(plan, folder, printer);
                // It may have been killed, or was asked to leave its jobs.
                printer.Warn("The running process has ended and left jobs: canceling them.");
            }
            using ImageService service = _service.Connect(parsed, isSending: true);
            using Batch batch = Batch.Open(folder, service, options: new BatchOptions { Mode = BatchMode.Batch });
            batch.Stop(cancelJobs: true);
            return await RunCommand.RunAsync(batch, printer).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }
}
