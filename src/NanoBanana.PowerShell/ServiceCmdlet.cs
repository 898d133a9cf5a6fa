using System.Collections.Concurrent;
using System.Management.Automation;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that talks to the service.</summary>
public abstract class ServiceCmdlet : NbCmdlet
{
    private readonly ConcurrentQueue<object> _events = new();
    private ImageService? _service;

    /// <summary>The connection to use; that of the runspace, or of the environment, when it is left out.</summary>
    [Parameter]
    [ValidateNotNull]
    [ConnectionTransformation]
    public NbConnection? Connection { get; set; }

    /// <summary>The service, observed for -Verbose and -Debug; resolved on first use, so that a missing key ends the
    /// pipeline once.</summary>
    internal ImageService Service => _service ??= Observed(OpenConnection);

    private protected NbConnection OpenConnection => Demand(() =>
    {
        Connection ??= RunspaceState.Current.Connection ??= NbConnection.FromEnvironment();
        return Connection.IsClosed ? throw ConnectionErrors.Closed(Connection.ToString()) : Connection;
    });

    /// <summary>Whether a line that stops the pipeline now would lose what is paid for.</summary>
    private protected virtual bool HoldsLines => false;

    /// <summary>The last failed try that will be made again; null when all is well.</summary>
    private protected ClientEvent? Retrying { get; private set; }

    /// <inheritdoc/>
    protected override void OnWaiting()
    {
        // Save first, emit second, tell third.
        if (HoldsLines && (Preferences.Halts(this, "Debug") || Preferences.Halts(this, "Verbose"))) return;
        while (_events.TryDequeue(out object? step))
        {
            if (step is ClientEvent told)
            {
                // Until it is sent again; what becomes of other calls meanwhile says nothing of this one.
                if (told.Kind == ClientEventKind.Retrying) Retrying = told;
                else if (told is { Kind: ClientEventKind.Sending, Attempt: > 1 }) Retrying = null;
            }
            if (step is ClientBody || Preferences.IsDebugAlone(this)) WriteDebug(step.ToString()!);
            else WriteVerbose(step.ToString()!);
        }
    }

    private ImageService Observed(NbConnection connection)
    {
        GeminiClientOptions options = connection.Service.Client.Options;
        return connection.Service.With(options with
        {
            Observe = _events.Enqueue,
            ObserveBody = Preferences.Debug(this) ? _events.Enqueue : null,
        });
    }
}
