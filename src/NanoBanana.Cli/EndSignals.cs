using System.Runtime.InteropServices;

namespace NanoBanana.Cli;

/// <summary>Handles Ctrl+C, SIGTERM and the end of the terminal (SIGHUP) for every command. Requests in flight are paid
/// for: at the first signal a command begins nothing more, waits for them and saves them; at the second it drops
/// them.</summary>
internal sealed class EndSignals : IDisposable
{
    private static readonly PosixSignal[] All = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _stop;
    private readonly Action _abort;
    private readonly Action<string>? _say;
    private readonly bool _ignoresInterrupt;
    private int _stopped;
    private int _asked;

    /// <summary>Listens from here on.</summary>
    /// <param name="stop">Called once: begins nothing more.</param>
    /// <param name="abort">Called once, after <paramref name="stop"/>: drops requests in flight.</param>
    /// <param name="say">Shows the user what is waited for; null to show nothing.</param>
    /// <param name="ignoresInterrupt">Whether Ctrl+C is meant for another program in the same terminal.</param>
    public EndSignals(Action stop, Action abort, Action<string>? say = null, bool ignoresInterrupt = false)
    {
        (_stop, _abort, _say, _ignoresInterrupt) = (stop, abort, say, ignoresInterrupt);
        Hangup.Expect();
        _registrations = [.. All.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Whether the command was asked to end.</summary>
    public bool IsAsked => Volatile.Read(ref _stopped) > 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
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
            if (Interlocked.Exchange(ref _stopped, 1) == 0)
            {
                _stop();
                _say?.Invoke("Stopping: waiting for requests in flight (once more to abort).");
            }
            else if (asked == 2) _abort();
        }
        catch (ObjectDisposedException)
        {
            // The command has ended already.
        }
    }
}
