using System.Management.Automation;
using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>The work of a cmdlet that makes images, from its beginning until the cmdlet or the pipeline ends.</summary>
internal sealed class ImageRun : IDisposable
{
    private readonly RunspaceState _state = RunspaceState.Current;
    private readonly CommonErrors _common = new();
    private readonly ImageCmdlet _cmdlet;
    private readonly ImageEngine _engine;
    private bool _isCutShort;

    /// <summary>Begins.</summary>
    /// <param name="cmdlet">The cmdlet, which emits, reports and warns.</param>
    /// <param name="options">How many calls at once, within which budget.</param>
    /// <param name="offer">Asks whether an edit is sent without its history.</param>
    /// <param name="asCompleted">Whether images are emitted as they come.</param>
    public ImageRun(ImageCmdlet cmdlet, EngineOptions options, RebaseOffer offer, bool asCompleted)
    {
        _cmdlet = cmdlet;
        _engine = new ImageEngine(cmdlet.Service, options, cmdlet.Stopped);
        ExitGuard.Watch(_engine);
        Orders = new ImageOrders(cmdlet, _engine, options.Budget, offer, asCompleted);
    }

    /// <summary>The orders.</summary>
    public ImageOrders Orders { get; }

    /// <summary>Whether everything has been emitted and reported.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Writes notices left by an earlier command, which may end the pipeline.</summary>
    public void WriteNotice()
    {
        if (_state.TakeNotice() is { } notice) _cmdlet.WriteWarning(notice);
    }

    /// <summary>Keeps the error of a request that was not sent until the end, to report it with others of its
    /// cause.</summary>
    /// <returns>False when it has to be reported now.</returns>
    public bool IsHeld(NbException error, object? target)
    {
        bool isNow = IsOver || Orders.IsPublishing || error.Kind == NbErrorKind.AuthenticationError
            || Preferences.Halts(_cmdlet, "Error");
        if (!isNow) _common.Add(error, target);
        return !isNow;
    }

    /// <summary>Waits for everything, emits it, and reports what was not sent.</summary>
    public void End()
    {
        Orders.EmitAll();
        foreach (ErrorRecord record in _common.TakeAll()) _cmdlet.Report(record);
        IsOver = true;
    }

    /// <summary>Saves the images of calls in flight when the pipeline ends early.</summary>
    public void CutShort()
    {
        // Ctrl+C cancels calls in flight, and a finished command has none left.
        if (IsOver || _isCutShort || _cmdlet.Stopped.IsCancellationRequested) return;
        _isCutShort = true;
        Orders.FinishEarly(Say, _cmdlet.Stopped);
        foreach (ErrorRecord record in _common.TakeAll()) Say(record.ErrorDetails.Message);
    }

    /// <summary>The only method that runs after Select-Object -First or Ctrl+C.</summary>
    public void Dispose()
    {
        CutShort();
        ExitGuard.LetGo(_engine);
        if (Orders.Untold is not { Calls: > 0 } untold) return;
        string command = _cmdlet.MyInvocation.MyCommand.Name;
        Say(UntoldCalls.Words(command, untold, _cmdlet.Service.Client.KeepsAnswers));
    }

    private void Say(string line) => LateNotice.Say(_cmdlet, _state, line);
}
