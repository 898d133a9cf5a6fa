using System.Diagnostics;
using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet's progress: one activity and one detail below it, at most five records a second, completed at the
/// end.</summary>
/// <remarks>A command that ends before the first update shows nothing at all.</remarks>
internal sealed class ProgressMeter(Cmdlet cmdlet, string activity)
{
    private const long BeatMilliseconds = 200;

    private static int s_lastId;

    // Each command has two own ids, because a pipeline may have the same cmdlet twice.
    private readonly int _id = Interlocked.Add(ref s_lastId, 2);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private bool _isShown;
    private bool _hasDetail;

    /// <summary>Shows the progress, unless it was shown a moment ago.</summary>
    /// <param name="status">In a few words.</param>
    /// <param name="percent">0 to 100; null when unknown.</param>
    /// <param name="detail">The reason for a delay; null for none.</param>
    /// <param name="timeLeft">Until the end; null when unknown.</param>
    public void Show(string status, int? percent = null, string? detail = null, TimeSpan? timeLeft = null)
    {
        if (_clock.ElapsedMilliseconds < BeatMilliseconds) return;
        _clock.Restart();
        _isShown = true;
        cmdlet.WriteProgress(new ProgressRecord(_id, activity, status)
        {
            PercentComplete = percent ?? -1,
            SecondsRemaining = timeLeft is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
        });
        if (detail is null && !_hasDetail) return;
        _hasDetail = detail is not null;
        cmdlet.WriteProgress(new ProgressRecord(_id + 1, detail ?? "Going on", detail ?? "Going on")
        {
            ParentActivityId = _id,
            RecordType = detail is null ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }

    /// <summary>Removes the progress from the screen. Safe to call when the pipeline is ending.</summary>
    public void Complete()
    {
        if (!_isShown) return;
        _isShown = false;
        try
        {
            if (_hasDetail) Finish(_id + 1, parent: _id);
            Finish(_id);
        }
        catch (PipelineStoppedException)
        {
            // After Ctrl+C nothing may be written; the host clears its screen itself.
        }
    }

    private void Finish(int id, int parent = -1) => cmdlet.WriteProgress(new ProgressRecord(id, activity, "Done")
    {
        ParentActivityId = parent,
        RecordType = ProgressRecordType.Completed,
    });
}
