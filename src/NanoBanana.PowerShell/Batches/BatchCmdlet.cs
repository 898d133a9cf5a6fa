using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>Base class of the batch cmdlets: finds a batch, waits for it, and reports its items.</summary>
public abstract class BatchCmdlet : ServiceCmdlet
{
    private NbBatch? _shown;
    private DateTimeOffset _pausesUntil = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    protected override void EndProcessing() => Progress?.Complete();

    /// <summary>The batch in a folder: the one this session works on, or one read from the folder.</summary>
    /// <param name="destination">The folder as typed.</param>
    /// <exception cref="NbException">The folder holds no batch.</exception>
    private protected NbBatch Find(string destination)
    {
        string folder = System.IO.Path.TrimEndingDirectorySeparator(Paths.Full(destination));
        return RunspaceState.Current.Batches.FirstOrDefault(batch =>
            batch.Destination == folder && !batch.Completion.IsCompleted)
            ?? NbBatch.At(folder, Planner);
    }

    /// <summary>A manifest of a file, or of what was piped, with the anchors that it names.</summary>
    /// <param name="path">The file as typed; null for what was piped.</param>
    /// <param name="objects">What was piped.</param>
    /// <param name="vary">The matrix that multiplies the items; null for none.</param>
    /// <param name="library">Folder of the library as typed; null for the session's anchors alone.</param>
    /// <param name="destination">Full path of the batch's folder.</param>
    /// <exception cref="NbException">The manifest, a row or the library is wrong.</exception>
    private protected Manifest ReadManifest(
        string? path, IReadOnlyList<object> objects, Func<Manifest, Manifest> vary, string? library,
        string destination)
    {
        var given = new Dictionary<string, Anchor>(StringComparer.OrdinalIgnoreCase);
        Manifest manifest = path is null ? ManifestInput.From(objects, Paths.Here, given)
            : Manifest.Load(Paths.Full(path));
        var shelf = new AnchorShelf(Paths.FullOrNull(library));
        return vary(manifest).WithAnchors(name => given.GetValueOrDefault(name) ?? shelf.FindOrNull(name), destination);
    }

    /// <summary>A service that checks and prices requests; it needs no key, since it sends nothing.</summary>
    private protected ImageService Planner =>
        (Connection ?? RunspaceState.Current.Connection)?.Service ?? NbConnection.Planning.Service;

    /// <summary>Waits with progress until the batch ends or the time is over.</summary>
    /// <returns>Whether it has ended.</returns>
    private protected bool WaitFor(NbBatch batch, TimeSpan? timeout = null)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!batch.Completion.IsCompleted)
        {
            if (clock.Elapsed >= timeout) return false;
            Await(Task.WhenAny(batch.Completion, Task.Delay(200, Stopped)));
            foreach (string notice in batch.TakeNotices()) WriteWarning(notice);
            WriteLog(batch);
            WarnOfPauses(batch);
            Show(batch);
        }
        WriteLog(batch);
        WarnOfPauses(batch);
        Progress?.Complete();
        return true;
    }

    /// <summary>Reports items without an image: each by its name, but those that were only held back
    /// together.</summary>
    private protected void ReportFailures(IReadOnlyCollection<BatchItem> items)
    {
        foreach (BatchItem item in items) ReportFailure(item);
        foreach (NbException why in BatchItem.WhyHeldBack(items)) WriteError(ErrorRecords.From(why));
    }

    /// <summary>Reports an item without an image, unless it was only held back.</summary>
    private protected void ReportFailure(BatchItem item)
    {
        foreach (string warning in item.Warnings) WriteWarning($"{item.Name}: {warning}");
        if (item is { IsHeldBack: false, Error: { } error })
        {
            WriteError(ErrorRecords.From(error, item.Name, subject: item.Name));
        }
    }

    /// <summary>Reports what ended the work early, and errors after its end.</summary>
    private protected void ReportFault(NbBatch batch)
    {
        foreach (string notice in batch.TakeNotices()) WriteWarning(notice);
        if (batch.ReportError is { } unwritten) WriteWarning(unwritten.Message);
        if (batch.Error is { } error) Report(error as NbException ?? NbErrors.Unexpected(error), batch.Destination);
    }

    private void WriteLog(NbBatch batch)
    {
        foreach (string line in batch.TakeLog()) WriteVerbose(line);
    }

    // A pause that the service asks for looks like a hang, so it is reported when it begins and shown while it lasts.
    private void WarnOfPauses(NbBatch batch)
    {
        while (batch.TakePausing() is { } item)
        {
            double seconds = Math.Min(item.Error!.RetryAfter?.TotalSeconds ?? 0, TimeSpan.FromDays(1).TotalSeconds);
            _pausesUntil = DateTimeOffset.UtcNow.AddSeconds(seconds);
            WriteWarning($"{item.Name}: {item.Error.Message}");
        }
    }

    private void Show(NbBatch batch)
    {
        if (!ReferenceEquals(_shown, batch))
        {
            Progress?.Complete();
            Progress = new ProgressMeter(this, $"Batch {batch.Destination}");
            _shown = batch;
        }
        BatchSummary summary = batch.Summary;
        int inFlight = summary.Running + summary.Submitted;
        int done = summary.Total - summary.Pending - inFlight;
        Progress!.Show(
            FormattableString.Invariant(
                $"{done} of {summary.Total}, {inFlight} in flight, {summary.PerMinute:0} a minute, {Readable.Money(summary.Cost)} so far"),
            summary.Total == 0 ? 100 : 100 * done / summary.Total,
            DateTimeOffset.UtcNow < _pausesUntil
                ? $"The service wants a pause until {_pausesUntil.ToLocalTime():HH:mm:ss}" : null,
            summary.TimeLeft);
    }
}
