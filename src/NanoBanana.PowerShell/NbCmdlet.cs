using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>What every cmdlet here shares: paths and images as the shell means them, errors in full, and progress that
/// ends with the pipeline.</summary>
public abstract class NbCmdlet : StoppableCmdlet
{
    /// <summary>Paths as the shell means them.</summary>
    internal ShellPaths Paths => field ??= new ShellPaths(this);

    /// <summary>Images as the shell means them.</summary>
    internal ShellImages Images => field ??= new ShellImages(this);

    /// <summary>The cmdlet's progress; null where it has none to show.</summary>
    private protected ProgressMeter? Progress { get; set; }

    /// <summary>Writes an object; when no more is wanted after it, the progress is taken down.</summary>
    internal void Emit(object output) => Write(() => WriteObject(output));

    /// <summary>Reports an error and goes on; one that every other item would meet too ends the pipeline.</summary>
    internal void Report(NbException error, object? target = null)
    {
        if (IsHeld(error, target)) return;
        ErrorRecord record = ErrorRecords.From(error, target);
        if (error.Kind == NbErrorKind.AuthenticationError) Write(() => ThrowTerminatingError(record));
        Report(record);
    }

    /// <summary>Writes an error that was made already.</summary>
    internal void Report(ErrorRecord record) => Write(() => WriteError(record));

    /// <summary>Runs something that an <see cref="NbException"/> may end, and reports that.</summary>
    /// <returns>Whether it came to its end.</returns>
    internal bool Try(Action action, object? target = null)
    {
        NbException error;
        try
        {
            action();
            return true;
        }
        catch (NbException e)
        {
            error = e;
        }
        // Outside the catch: WriteError may itself end the pipeline.
        Report(error, target);
        return false;
    }

    /// <summary>Runs something whose failure ends the pipeline.</summary>
    internal T Demand<T>(Func<T> get)
    {
        try
        {
            return get();
        }
        catch (NbException e)
        {
            Progress?.Complete();
            ThrowTerminatingError(ErrorRecords.From(e));
            throw;
        }
    }

    /// <summary>Keeps an error back, to report it later with others of the same cause; false to report it
    /// now.</summary>
    private protected virtual bool IsHeld(NbException error, object? target) => false;

    /// <summary>Runs when a write ended the pipeline: Select-Object -First, an error that stops.</summary>
    private protected virtual void OnCutShort()
    {
    }

    private void Write(Action write)
    {
        bool isDone = false;
        try
        {
            write();
            isDone = true;
        }
        finally
        {
            if (!isDone)
            {
                Progress?.Complete();
                OnCutShort();
            }
        }
    }
}
