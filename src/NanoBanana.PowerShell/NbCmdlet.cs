using System.Management.Automation;
using System.Management.Automation.Host;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>What every cmdlet here shares: it says errors in full, asks before it does something, and takes its
/// progress down.</summary>
public abstract class NbCmdlet : StoppableCmdlet
{
    private readonly RunspaceState _state = RunspaceState.Current;

    /// <summary>Paths as the shell means them.</summary>
    internal ShellPaths Paths => field ??= new ShellPaths(this);

    /// <summary>Images as the shell means them.</summary>
    internal ShellImages Images => field ??= new ShellImages(this);

    /// <summary>The cmdlet's progress; null where it has none to show.</summary>
    private protected ProgressMeter? Progress { get; set; }

    /// <summary>Reports an error and goes on; one that would meet every other item too ends the pipeline.</summary>
    internal void Report(NbException error, object? target = null)
    {
        if (Holds(error, target)) return;
        ErrorRecord record = ErrorRecords.From(error, target);
        Finally(() =>
        {
            if (error.Kind == NbErrorKind.AuthenticationError) ThrowTerminatingError(record);
            WriteError(record);
        });
    }

    /// <summary>Keeps an error back, to be told with its like; false to tell it now.</summary>
    private protected virtual bool Holds(NbException error, object? target) => false;

    /// <summary>Writes an error that was made already.</summary>
    private protected void Report(ErrorRecord record) => Finally(() => WriteError(record));

    /// <summary>Runs when what was written ended the pipeline: Select-Object -First, an error that stops.</summary>
    private protected virtual void OnCutShort()
    {
    }

    /// <summary>Tells the user now, even where the pipeline has ended and its streams take nothing more.</summary>
    private protected void SayAtOnce(string line)
    {
        try
        {
            if (Host?.UI is { } screen)
            {
                screen.WriteWarningLine(line);
                return;
            }
        }
        catch (Exception e) when (e is HostException or NotImplementedException or InvalidOperationException)
        {
            // A host without a screen.
        }
        // The next command tells.
        _state.Leave(line);
    }

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

    /// <summary>Asks before something is sent, written or removed, as -WhatIf, -Confirm and the preferences want it;
    /// -Force answers yes.</summary>
    private protected bool Approved(string target, string action, bool force) =>
        (force && !Preferences.WhatIf(this)) || ShouldProcess(target, action);

    /// <summary>Asks in a sentence of one's own.</summary>
    private protected bool ApprovedSentence(string sentence, string caption, bool force) =>
        (force && !Preferences.WhatIf(this)) || ShouldProcess(sentence, $"{sentence}\nGo on?", caption);

    /// <summary>Writes an object; when no more is wanted after it, the progress is taken down.</summary>
    internal void Emit(object output) => Finally(() => WriteObject(output));

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

    // Whatever ends the pipeline from within a write, the progress goes with it.
    private void Finally(Action write)
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
