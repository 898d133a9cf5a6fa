using System.Runtime.InteropServices;

namespace NanoBanana.Cli;

/// <summary>Handles Ctrl+C, SIGTERM and the end of the terminal (SIGHUP) for every command. Requests in flight are paid
/// for: at the first signal a command begins nothing more, waits for them and saves them; at the second it drops
/// them.</summary>
internal sealed class EndSignals : IDisposable
{
    private static readonly PosixSignal[] All = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abort = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string>? _say;
    private readonly Action? _onStop;
    private readonly bool _ignoresInterrupt;
    private int _asked;

    /// <summary>Listens from here on.</summary>
    /// <param name="say">Shows the user what is waited for; null to show nothing.</param>
    /// <param name="onStop">Called once, at the first signal; null where <see cref="Stopping"/> is enough.</param>
    /// <param name="ignoresInterrupt">Whether Ctrl+C is meant for another program in the same terminal.</param>
    public EndSignals(Action<string>? say = null, Action? onStop = null, bool ignoresInterrupt = false)
    {
        (_say, _onStop, _ignoresInterrupt) = (say, onStop, ignoresInterrupt);
        Aborted = _abort.Token;
        Hangup.Expect();
        _registrations = [.. All.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Completes at the first signal: nothing more is begun.</summary>
    public Task Stopping => _stopping.Task;

    /// <summary>Canceled at the second signal: requests in flight are dropped.</summary>
    public CancellationToken Aborted { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _abort.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_ignoresInterrupt && context.Signal == PosixSignal.SIGINT) return;
        bool isHangup = context.Signal == PosixSignal.SIGHUP;
        if (isHangup) Hangup.FallSilent();
        // A closing terminal sends two signals, and the end of its session sends SIGTERM too, so a second signal after
        // SIGHUP does not abort.
        int asked = isHangup ? 0 : Interlocked.Increment(ref _asked);
        try
        {
            if (_stopping.TrySetResult())
            {
                _onStop?.Invoke();
                _say?.Invoke("Stopping: waiting for requests in flight (once more to abort).");
            }
            else if (asked == 2) _abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has ended already.
        }
    }
}
