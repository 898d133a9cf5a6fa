using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>Base class of all cmdlets: resolves paths and images, reports errors, and ends progress with the
/// pipeline.</summary>
public abstract class NbCmdlet : StoppableCmdlet
{
    /// <summary>Resolves paths.</summary>
    internal ShellPaths Paths => field ??= new ShellPaths(this);

    /// <summary>Resolves images.</summary>
    internal ShellImages Images => field ??= new ShellImages(this);

    /// <summary>The cmdlet's progress; null for none.</summary>
    private protected ProgressMeter? Progress { get; set; }

    /// <summary>Writes an object; if that ends the pipeline, the progress is removed.</summary>
    internal void Emit(object output) => Write(() => WriteObject(output));

    /// <summary>Reports an error and continues; one that every other item would meet too ends the pipeline.</summary>
    internal void Report(NbException error, object? target = null)
    {
        if (IsHeld(error, target)) return;
        ErrorRecord record = ErrorRecords.From(error, target);
        if (error.Kind == NbErrorKind.AuthenticationError) Write(() => ThrowTerminatingError(record));
        Report(record);
    }

    /// <summary>Writes an error that was made already.</summary>
    internal void Report(ErrorRecord record) => Write(() => WriteError(record));

    /// <summary>Runs an action, and reports an <see cref="NbException"/> that ends it.</summary>
    /// <returns>Whether it completed.</returns>
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

    /// <summary>Runs an action whose failure ends the pipeline.</summary>
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

    /// <summary>Called when a write ended the pipeline: Select-Object -First, or a terminating error.</summary>
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
