using System.Runtime.InteropServices;

namespace NanoBanana.Cli;

/// <summary>Ctrl+C, SIGTERM and the end of the terminal (SIGHUP), for every command alike: what is in flight is paid
/// for. Asked once, a command begins nothing more, waits for that and saves it; asked again, it drops it.</summary>
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
    /// <param name="stop">Begins nothing more. It is called once.</param>
    /// <param name="abort">Drops what is in flight. It is called once, after <paramref name="stop"/>.</param>
    /// <param name="say">Tells the user what is waited for; null to say nothing.</param>
    /// <param name="ignoresInterrupt">Whether Ctrl+C is for somebody else in the same terminal.</param>
    public EndSignals(Action stop, Action abort, Action<string>? say = null, bool ignoresInterrupt = false)
    {
        (_stop, _abort, _say, _ignoresInterrupt) = (stop, abort, say, ignoresInterrupt);
        Hangup.Expect();
        _registrations = [.. All.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Whether somebody asked the command to end.</summary>
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
        // A terminal that closes sends two, and the end of its session SIGTERM as well: only who asks twice without it
        // wants to lose what is paid for.
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
