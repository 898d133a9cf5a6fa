using System.Globalization;
using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell;

/// <summary>When a pipeline ends early (Select-Object -First, a terminating error), waits for calls in flight and saves
/// their images, because they are paid for.</summary>
/// <param name="engine">What is in flight.</param>
/// <param name="say">Shows a notice to the user at once.</param>
internal sealed class EarlyEnd(ImageEngine engine, Action<string> say)
{
    private readonly List<string> _files = [];
    private int _failures;
    private decimal _usd;

    /// <summary>Handles a result that was not emitted.</summary>
    public void Add(SingleOrder order, Outcome outcome)
    {
        if (outcome.Error is not null) _failures++;
        _usd += outcome.Cost ?? 0;
        foreach (NbImage image in outcome.Images) Add(order.Place, image);
    }

    /// <summary>Handles an image that was not emitted. An unsaved image is saved in the folder of rescued
    /// images.</summary>
    public void Add(SaveTarget place, NbImage image)
    {
        if ((image.Path ?? place.Rescue(image)) is { } path) _files.Add(path);
    }

    /// <summary>Waits for calls in flight and begins no more. Ctrl+C ends the wait.</summary>
    public void Run(CancellationToken stopped)
    {
        engine.Stop();
        if (engine.InFlight is > 0 and int inFlight)
        {
            say(string.Create(CultureInfo.InvariantCulture,
                $"The pipeline has ended. Waiting for {inFlight} call{(inFlight == 1 ? "" : "s")} in flight: they are paid for."));
        }
        try
        {
            while (true)
            {
                Task<EngineStep?> next = engine.NextAsync();
                next.Wait(stopped);
                if (next.Result is not { } step) break;
                if (step.Outcome is { } outcome) Add((SingleOrder)step.Order, outcome);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Report();
    }

    private void Report()
    {
        if (_files.Count == 0 && _failures == 0) return;
        string[] folders = [.. _files.Select(file => Path.GetDirectoryName(file)!).Distinct()];
        string where = folders.Length == 1 ? $" in {folders[0]}" : "";
        string names = string.Join(", ",
            _files.Take(5).Select(file => where.Length > 0 ? Path.GetFileName(file) : file));
        if (_files.Count > 5) names += string.Create(CultureInfo.InvariantCulture, $" and {_files.Count - 5} more");
        string saved = _files.Count == 0 ? "No image came"
            : $"Saved{where} after the pipeline had ended: {names}, {Readable.Money(_usd)}";
        string failed = _failures == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture,
                $"; {_failures} call{(_failures == 1 ? "" : "s")} gave no image");
        say($"{saved}{failed}.");
    }
}
