using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets that can be stopped and wait on the pipeline's thread.</summary>
public abstract class StoppableCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Canceled when the pipeline stops, by Ctrl+C or because a downstream command needs no more.</summary>
    internal CancellationToken Stopped => _stopping.Token;

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels too, because only this runs after Select-Object -First.</summary>
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
