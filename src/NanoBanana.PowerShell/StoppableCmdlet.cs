using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that can be stopped, and waits on the pipeline's own thread.</summary>
public abstract class StoppableCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Canceled when the pipeline stops, by Ctrl+C or because no more is wanted downstream.</summary>
    internal CancellationToken Stopped => _stopping.Token;

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>After Select-Object -First only this runs: it cancels too.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Waits on the pipeline's thread; Ctrl+C ends the wait at once.</summary>
    internal T Await<T>(Task<T> task) => PipelineWait.For(task, OnWaiting, Stopped);

    /// <summary>Runs on the pipeline's thread about five times a second while it waits.</summary>
    protected virtual void OnWaiting()
    {
    }
}
