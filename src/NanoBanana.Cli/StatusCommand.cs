using System.CommandLine;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Cli;

/// <summary><c>nb status</c> and <c>nb wait</c>: how far a batch is, whoever works on it. They send nothing and need no
/// key.</summary>
internal sealed class StatusCommand
{
    private readonly Argument<DirectoryInfo> _folder = new("DIR") { Description = "Folder of the batch." };
    private readonly Option<double?> _timeout =
        new("--timeout") { Description = "Wait at most this many seconds.", HelpName = "SECONDS" };
    private readonly Option<bool> _stale = new("--stale")
    {
        Description = "Show only items whose pictures are out of date, and why; exit code 0 when there are none, 5 otherwise.",
    };

    private readonly Option<string?> _olderThan =
        new("--older-than") { Description = "With --stale: the age from which pictures are too old, such as 12h, 7d or 2w.", HelpName = "AGE" };

    private readonly Option<string?> _edition =
        new("--edition") { Description = "With --stale: the edition that pictures must have.", HelpName = "NAME" };

    private readonly ServiceOptions _service;

    private StatusCommand(Command command)
    {
        command.Arguments.Add(_folder);
        _service = new ServiceOptions().AddTo(command);
    }

    public static Command Create()
    {
        var command = new Command("status", "Show the progress of a batch, also while another process works on it.");
        var status = new StatusCommand(command);
        command.Options.Add(status._stale);
        command.Options.Add(status._olderThan);
        command.Options.Add(status._edition);
        command.SetAction((parsed, cancellation) => status.RunAsync(parsed, TimeSpan.Zero, cancellation));
        return command;
    }

    public static Command CreateWait()
    {
        var command = new Command("wait", "Wait until no process works on a batch, then show its result.");
        var wait = new StatusCommand(command);
        command.Options.Add(wait._timeout.Between(0));
        command.SetAction((parsed, cancellation) => wait.RunAsync(
            parsed, parsed.GetValue(wait._timeout) is { } seconds ? TimeSpan.FromSeconds(seconds)
                : Timeout.InfiniteTimeSpan, cancellation));
        return command;
    }

    /// <summary>Shows how far a batch is until no process works on it.</summary>
    /// <param name="folder">Full path of the batch.</param>
    /// <param name="service">Checks and prices the items.</param>
    /// <param name="printer">Where it is printed.</param>
    /// <param name="longest">How long to wait for the end; zero to look once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How it ended, or where it stood when the time was over.</returns>
    /// <exception cref="NbException">The folder holds no batch, or it cannot be read.</exception>
    public static async Task<BatchPlan> FollowAsync(
        string folder, ImageService service, Printer printer, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (longest > TimeSpan.Zero) end.CancelAfter(longest);
        BatchPlan? plan = null;
        try
        {
            await foreach (BatchPlan seen in Batch.WatchAsync(folder, service, end.Token).ConfigureAwait(false))
            {
                plan = seen;
                printer.Progress(() => seen.Summary);
                if (longest == TimeSpan.Zero) break;
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over: the last state is printed.
        }
        printer.EndProgress();
        return plan ?? throw BatchErrors.NotFound(folder);
    }

    /// <summary>Tells where a batch stands, item by item.</summary>
    public static int Print(BatchPlan plan, string folder, Printer printer)
    {
        foreach (string warning in plan.Warnings) printer.Warn(warning);
        foreach (BatchItem item in plan.Items) printer.Item(item, folder);
        bool isLocked = Batch.IsLocked(folder);
        printer.Line($"{plan.Summary}{(isLocked ? "; somebody works on it" : "")}");
        return isLocked ? ExitCode.OnTheWay : ExitCode.Of(plan.Summary);
    }

    private int PrintStale(ParseResult parsed, string folder, ImageService service, Printer printer)
    {
        BatchPlan plan = BatchPlan.LookAt(folder, service, parsed.GetValue(_edition),
            parsed.GetValue(_olderThan) is { } age ? Age.Parse(age) : null);
        foreach (StaleItem item in plan.Stale) printer.Line($"{item.Name}: {item.Reason}");
        printer.Line($"{plan.Stale.Length} of {plan.Items.Length} items are not what they should be");
        return plan.Stale.IsEmpty ? ExitCode.Success : ExitCode.Stale;
    }

    private async Task<int> RunAsync(ParseResult parsed, TimeSpan longest, CancellationToken cancellationToken)
    {
        var printer = new Printer();
        try
        {
            using ImageService service = _service.Connect(parsed, isSending: false);
            string folder = parsed.GetRequiredValue(_folder).FullName;
            bool isStaleAsked = longest == TimeSpan.Zero && parsed.GetValue(_stale);
            if (longest == TimeSpan.Zero && !isStaleAsked
                && (parsed.GetValue(_edition) is not null || parsed.GetValue(_olderThan) is not null))
            {
                throw BatchErrors.OnlyWithStale();
            }
            if (isStaleAsked) return PrintStale(parsed, folder, service, printer);
            return Print(await FollowAsync(folder, service, printer, longest, cancellationToken).ConfigureAwait(false),
                folder, printer);
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }
}
