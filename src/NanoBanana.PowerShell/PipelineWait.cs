using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Waits for a task on the pipeline's thread, the only thread on which a cmdlet may write.</summary>
internal static class PipelineWait
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="onBeat">Runs about five times a second, and once at the end.</param>
    /// <param name="stopped">Ends the wait at once.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public static T For<T>(Task<T> task, Action onBeat, CancellationToken stopped)
    {
        try
        {
            bool isOver;
            do
            {
                isOver = Task.WaitAny([task], (int)Beat.TotalMilliseconds, stopped) >= 0;
                ExitGuard.Hold(stopped);
                onBeat();
            }
            while (!isOver);
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
