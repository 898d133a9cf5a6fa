using System.Collections.Concurrent;
using System.Management.Automation;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>What a client says of its calls, on whatever thread, for the streams of a cmdlet: -Verbose and
/// -Debug.</summary>
internal sealed class ServiceEvents(PSCmdlet cmdlet)
{
    private readonly ConcurrentQueue<object> _events = new();

    /// <summary>The last failed try that will be made again; null when all is well.</summary>
    public ClientEvent? Retrying { get; private set; }

    /// <summary>The service with a client that is listened to.</summary>
    public ImageService Observe(ImageService service) => service.With(service.Client.Options with
    {
        Observe = _events.Enqueue,
        ObserveBody = Preferences.Debug(cmdlet) ? _events.Enqueue : null,
    });

    /// <summary>Writes what was said since, on the pipeline's thread.</summary>
    /// <param name="isBusy">Whether what is paid for has not been emitted: lines that would stop the pipeline wait
    /// until it has.</param>
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
