using System.Collections.Concurrent;
using System.Management.Automation;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>Passes a client's events, from any thread, to the verbose and debug streams of a cmdlet.</summary>
internal sealed class ServiceEvents(PSCmdlet cmdlet)
{
    private readonly ConcurrentQueue<object> _events = new();

    /// <summary>The last failed try that will be repeated; null for none.</summary>
    public ClientEvent? Retrying { get; private set; }

    /// <summary>The service with an observed client.</summary>
    public ImageService Observe(ImageService service) => service.With(service.Client.Options with
    {
        Observe = _events.Enqueue,
        ObserveBody = Preferences.Debug(cmdlet) ? _events.Enqueue : null,
    });

    /// <summary>Writes the events since the last call, on the pipeline's thread.</summary>
    /// <param name="isBusy">Whether paid images have not been emitted yet: lines that would stop the pipeline wait
    /// until then.</param>
    public void Write(bool isBusy)
    {
        if (isBusy && (Preferences.Halts(cmdlet, "Debug") || Preferences.Halts(cmdlet, "Verbose"))) return;
        while (_events.TryDequeue(out object? step))
        {
            if (step is ClientEvent told)
            {
                // Until it is sent again. Events of other calls say nothing about this one.
                if (told.Kind == ClientEventKind.Retrying) Retrying = told;
                else if (told is { Kind: ClientEventKind.Sending, Attempt: > 1 }) Retrying = null;
            }
            if (step is ClientBody || Preferences.IsDebugAlone(cmdlet)) cmdlet.WriteDebug(step.ToString()!);
            else cmdlet.WriteVerbose(step.ToString()!);
        }
    }
}
