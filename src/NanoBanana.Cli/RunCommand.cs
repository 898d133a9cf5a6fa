using System.CommandLine;
using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Reports;

namespace NanoBanana.Cli;

/// <summary><c>nb run</c>: makes a manifest in a folder, or continues with the folder's own.</summary>
internal sealed class RunCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Argument<FileInfo?> _manifest = new("MANIFEST")
    {
        Description = "JSON or JSON lines; left out, the batch in --out continues.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<DirectoryInfo> _out =
        new("--out") { Description = "Folder of the batch; created when missing.", HelpName = "DIR", Required = true };
    private readonly Option<BatchMode> _mode =
        new("--mode") { Description = "live: at once; batch: jobs at half price, within a day." };
    private readonly Option<decimal?> _maxCost =
        new("--max-cost") { Description = "USD that this run may cost.", HelpName = "USD" };
    private readonly Option<SpendingPeriod> _per = new("--per")
    {
        Description = "What --max-cost applies to: session (this run), or everything spent in --out in a day, week or month of UTC.",
    };

    private readonly Option<decimal?> _costPerMinute =
        new("--max-cost-per-minute") { Description = "USD spent within any minute.", HelpName = "USD" };
    private readonly Option<int?> _requestsPerMinute =
        new("--requests-per-minute") { Description = "Requests begun within any minute.", HelpName = "N" };
    private readonly Option<int> _parallel =
        new("--parallel") { Description = "Most requests in flight at once.", HelpName = "N", DefaultValueFactory = _ =>
        4 };
    private readonly Option<string[]> _only =
        new("--only") { Description = "Names of items, with * and ?; their sources are made too.",
        HelpName = "GLOB" };
    private readonly Option<bool> _retryFailed =
        new("--retry-failed") { Description = "Try items again that gave no image before." };
    private readonly Option<bool> _resendUncertain =
        new("--resend-uncertain") { Description = "Send items again that may have been billed without an answer." };
    private readonly Option<string?> _edition = new("--edition")
    {
        Description = "The edition to make, such as 2026-W48: items made for it are up to date, all others are made.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _olderThan = new("--older-than")
    {
        Description = "Make items again that are older than this, such as 12h, 7d or 2w.",
        HelpName = "AGE",
    };

    private readonly Option<string[]> _vary = new("--vary")
    {
        Description = "Make every item in each value, such as light=dawn,dusk; several make every combination.",
        HelpName = "AXIS=VALUES",
    };

    private readonly Option<bool> _approved = new("--approved")
    {
        Description = "Make the final of each picture that was approved in a review (nb report --serve), with --model and --size, and nothing else, with the reviewer's note as the edit.",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Make items again that are up to date." };
    private readonly Option<string?> _shard =
        new("--shard") { Description = "This machine's part of the manifest, such as 2/8; auto: by JOB_COMPLETION_INDEX and NB_SHARD_COUNT.", HelpName = "K/N" };
    private readonly Option<string[]> _webhooks = new("--webhook")
    {
        Description = "With --mode batch: an https address that the service notifies when a job has ended; may be given again.",
        HelpName = "URL",
    };

    private readonly Option<bool> _noWait =
        new("--no-wait") { Description = "With --mode batch: submit and end; running again fetches the results." };
    private readonly Option<bool> _json =
        new("--json") { Description = "One JSON object a line: each item as it ends, then the summary." };
    private readonly Option<bool> _yes =
        new("--yes") { Description = "On a terminal: do not ask before a run that could cost more than NB_CONFIRM_COST (5 USD)." };
    private readonly ServiceOptions _service;
    private readonly RequestFlags _flags;

    private RunCommand(Command command)
    {
        _maxCost.Between(0);
        _costPerMinute.Between(0);
        _requestsPerMinute.Between(1);
        _parallel.Between(1);
        _shard.Validators.Add(result =>
        {
            try
            {
                if (result.GetValueOrDefault<string?>() is { } shard) Shard.Parse(shard);
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_per) is { Implicit: false } && result.GetValue(_maxCost) is null)
            {
                result.AddError("--per changes nothing without --max-cost.");
            }
        });
        command.Arguments.Add(_manifest);
        foreach (Option option in new Option[]
        {
            _out, _json, _yes, _mode, _maxCost, _per, _costPerMinute, _requestsPerMinute, _parallel, _only,
            _retryFailed,
            _resendUncertain,
                _edition, _olderThan, _vary, _approved, _force, _shard, _webhooks, _noWait,
        })
        {
            command.Options.Add(option);
        }
        _service = new ServiceOptions().AddTo(command);
        _flags = new RequestFlags(command);
    }

    public static Command Create()
    {
        var command = new Command("run", "Make every item of a manifest that is not up to date.");
        command.SetAction(new RunCommand(command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var printer = new Printer { IsJson = parsed.GetValue(_json) };
        try
        {
            if (parsed.GetValue(_parallel) > OpenFiles.MostParallel)
            {
                printer.Warn($"{OpenFiles.MostParallel} requests at once: this process may not have more files open.");
            }
            using ImageService service = _service.Connect(parsed, isSending: true);
            if (parsed.GetValue(_manifest) is null && parsed.GetValue(_vary) is { Length: > 0 })
            {
                throw BatchErrors.VaryWithoutManifest();
            }
            Manifest? manifest = parsed.GetValue(_manifest) is not { } file ? null
                : Manifest.Load(file.FullName).Varied((parsed.GetValue(_vary) ?? []).Select(MatrixAxis.Parse));
            string folder = parsed.GetRequiredValue(_out).FullName;
            BatchOptions options = OptionsOf(parsed);
            bool isAnswered = parsed.GetValue(_yes) || options.MaxCost is not null || service.Client.Endpoint.IsOffline;
            // What is not asked about need not be looked at twice.
            BatchPlan? plan = isAnswered || !Printer.CanAsk ? null
                : BatchPlan.Create(manifest, service, options, folder);
            if (plan is not null && !Printer.Asks(plan)) return ExitCode.Usage;
            using Batch batch =
                plan is null ? Batch.Open(folder, service, manifest, options) : Batch.Open(plan);
            return await RunAsync(batch, printer).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }

    /// <summary>Runs the batch and prints its progress until it is done or stopped.</summary>
    public static async Task<int> RunAsync(Batch batch, Printer printer)
    {
        using var signals = new EndSignals(printer.Warn, () => batch.Stop());
        foreach (string warning in batch.Warnings) printer.Warn(warning);

        bool isBudgetSpent = false;
        try
        {
            IAsyncEnumerator<BatchItem> items = batch.RunAsync(signals.Aborted).GetAsyncEnumerator(signals.Aborted);
            await using (items.ConfigureAwait(false))
            {
                while (await NextAsync(items).ConfigureAwait(false))
                {
                    printer.Item(items.Current, batch.Destination);
                    isBudgetSpent |= items.Current.Error?.ErrorId.StartsWith("Nb.Budget.",
                        StringComparison.Ordinal) == true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            printer.Warn("Aborted: requests in flight may have been billed.");
        }
        catch (NbException e)
        {
            // The results made until then are printed too.
            printer.Error(e);
        }
        printer.EndProgress();
        PrintNotices();
        foreach (NbException why in BatchItem.WhyHeldBack(batch.Items)) printer.Error(why);
        BatchSummary summary = batch.Summary;
        bool isOverBudget = isBudgetSpent && !summary.IsComplete;
        int code = isOverBudget ? ExitCode.Budget : ExitCode.Of(summary);
        if (printer.IsJson)
        {
            printer.Json(RunJson.Of(summary, ReportOf(batch, printer), code));
            return code;
        }
        printer.Line(summary.UpToDate == summary.Total
            ? $"Everything is up to date: {summary.Total} items, no request was made."
            : string.Create(CultureInfo.InvariantCulture, $"{summary}; {summary.Elapsed.TotalSeconds:0.0} s"));
        if (ReportOf(batch, printer) is { } page) printer.Line($"To review: {page}");
        if (summary.Submitted > 0) printer.Line("What is submitted is fetched by running this again.");
        return code;

        // During a long item, the progress line is updated and notices are printed.
        async Task<bool> NextAsync(IAsyncEnumerator<BatchItem> items)
        {
            Task<bool> next = items.MoveNextAsync().AsTask();
            do
            {
                PrintNotices();
                printer.Progress(() => batch.Summary);
            }
            while (await Task.WhenAny(next, Task.Delay(LookEvery)).ConfigureAwait(false) != next);
            return await next.ConfigureAwait(false);
        }

        void PrintNotices()
        {
            foreach (string notice in batch.TakeNotices()) printer.Warn(notice);
        }
    }

    // The pictures are there: a page that cannot be written takes nothing from the run.
    private static string? ReportOf(Batch batch, Printer printer)
    {
        try
        {
            return ReportPage.Export(batch, Printer.Words);
        }
        catch (NbException e)
        {
            printer.Warn(e.Message);
            return null;
        }
    }

    private BatchOptions OptionsOf(ParseResult parsed) => new()
    {
        Mode = parsed.GetValue(_mode),
        ThrottleLimit = Math.Min(parsed.GetValue(_parallel), OpenFiles.MostParallel),
        MaxCost = parsed.GetValue(_maxCost),
        MaxCostOnceHeld = parsed.GetValue(_maxCost) is { } most ? () => FolderBudget.Left(
            parsed.GetRequiredValue(_out).FullName, most, parsed.GetValue(_per), ShardOf(parsed)) : null,
        MaxCostPerMinute = parsed.GetValue(_costPerMinute),
        RequestsPerMinute = parsed.GetValue(_requestsPerMinute),
        Only = [.. parsed.GetValue(_only) ?? []],
        RetryFailed = parsed.GetValue(_retryFailed),
        ResendUncertain = parsed.GetValue(_resendUncertain),
        Edition = parsed.GetValue(_edition),
        OlderThan = parsed.GetValue(_olderThan) is { } age ? Age.Parse(age) : null,
        Approved = parsed.GetValue(_approved),
        Force = parsed.GetValue(_force),
        Wait = !parsed.GetValue(_noWait),
        Overrides = _flags.Read(parsed),
        Api = _service.Api(parsed),
        Webhooks = [.. parsed.GetValue(_webhooks) ?? []],
        Shard = ShardOf(parsed),
    };

    private Shard? ShardOf(ParseResult parsed) =>
        parsed.GetValue(_shard) is { } shard ? Shard.Parse(shard) : null;
}
