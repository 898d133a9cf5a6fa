using System.Globalization;
using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini.Http;

namespace NanoBanana.Cli;

/// <summary>Output for people: results on standard output, errors on standard error, and on a terminal a progress
/// line.</summary>
/// <param name="words">The words for advice; null for those of manifests and runs.</param>
internal sealed class Printer(WordList? words = null)
{
    private const int BarWidth = 20;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>The words for advice on the command line.</summary>
    public static WordList Words { get; } = WordList.Of(typeof(Printer).Assembly);

    /// <summary>The words for commands on single pictures, where 'size' of a manifest's item is --size.</summary>
    public static WordList SingleWords { get; } =
        Words.With(typeof(Printer).Assembly.GetManifestResourceStream("single.words.json")!);

    /// <summary>Whether results are JSON, an object a line; troubles stay on standard error.</summary>
    public bool IsJson { get; init; }

    /// <summary>How this one words advice.</summary>
    public WordList OwnWords => _words;

    private readonly WordList _words = words ?? Words;

    private readonly bool _isTerminal = !Console.IsOutputRedirected && !Console.IsErrorRedirected;
    private long _lastProgress;
    private string _progress = "";

    public void Line(string text)
    {
        ClearProgress();
        Console.Out.WriteLine(SafeText.Plain(text));
        ShowProgress();
    }

    public void Warn(string text)
    {
        ClearProgress();
        Trouble($"warning: {_words.Say(text)}");
        ShowProgress();
    }

    public void Error(NbException e)
    {
        ClearProgress();
        Trouble($"error: {_words.Say(e.Message)} [{e.ErrorId}]");
        if (e.Advice.Length > 0) Trouble($"       {_words.Say(e.Advice)}");
        ShowProgress();
    }

    /// <summary>Whether somebody sits at a terminal.</summary>
    public static bool CanAsk =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    /// <summary>Asks before a run that could cost much.</summary>
    /// <returns>Whether it may start.</returns>
    public static bool Asks(BatchPlan plan)
    {
        decimal least = ServiceSettings.ConfirmCost;
        if (plan.MostCost <= least) return true;
        Console.Error.Write($"{plan.ToSend.Count()} images could cost up to {Readable.Money(plan.MostCost)}, more than "
            + $"{Readable.Money(least)} ({ServiceSettings.ConfirmCostVariable}). Go on? [y/N] ");
        return Console.ReadLine()?.Trim() is { } answer && answer.StartsWith("y", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Prints an object for programs.</summary>
    public void Json(JsonObject value)
    {
        ClearProgress();
        Console.Out.WriteLine(value.ToJsonString());
        ShowProgress();
    }

    public void Item(BatchItem item, string destination)
    {
        if (IsJson && (item.IsFinal || item.State == BatchItemState.Submitted))
        {
            Json(RunJson.Of(item, _words));
            return;
        }
        switch (item.State)
        {
            case BatchItemState.Succeeded:
                string cost = item.Cost is { } usd ? Readable.Money(usd) : "price unknown";
                Line($"{Now}made     {item.Name}: {Path.GetRelativePath(destination, item.Path!)} ({item.Image?.Width}x{item.Image?.Height}, {cost})");
                foreach (string warning in item.Warnings) Warn($"{item.Name}: {warning}");
                break;
            // Shows a pause that the service asked for, which otherwise looks like a hang.
            case BatchItemState.Running or BatchItemState.Pending when item.Error is { } pause:
                Warn($"{item.Name}: {_words.Say(pause.Message)}");
                break;
            case BatchItemState.Submitted:
                Line($"{Now}sent     {item.Name}: job {item.Job}");
                break;
            // Hundreds of items may have the same reason, so they are reported together at the end.
            case BatchItemState.Blocked when item.IsHeldBack:
                break;
            case BatchItemState.Failed or BatchItemState.Blocked or BatchItemState.Uncertain
                or BatchItemState.Rejected:
                ClearProgress();
                string why = _words.Say(item.Error?.Message ?? "");
                string paid = item.Cost is >= 0.0001m and { } spent ? $" ({Readable.Money(spent)})" : "";
                Trouble($"{Now}{Padded(item.State)} {item.Name}: {why} [{item.Error?.ErrorId}]{paid}");
                if (item.State != BatchItemState.Blocked && item.Error is { Advice.Length: > 0 } error)
                {
                    Trouble($"         {_words.Say(error.Advice)}");
                }
                ShowProgress();
                break;
        }
    }

    /// <summary>Updates the progress line at intervals.</summary>
    /// <param name="summarize">Counts every item, so it is called only when the line is updated.</param>
    public void Progress(Func<BatchSummary> summarize)
    {
        if (!_isTerminal || TimeProvider.System.GetElapsedTime(_lastProgress) < ProgressEvery) return;
        _lastProgress = TimeProvider.System.GetTimestamp();
        BatchSummary summary = summarize();
        string left = summary.TimeLeft is { } time
            ? string.Create(CultureInfo.InvariantCulture, $", {time:h\\:mm\\:ss} left") : "";
        int done = summary.Total - summary.Pending - summary.Running - summary.Submitted;
        int filled = summary.Total == 0 ? BarWidth : BarWidth * done / summary.Total;
        string bar = new string('=', filled).PadRight(BarWidth);
        string text = string.Create(CultureInfo.InvariantCulture,
            $"[{bar}] {summary.Made + summary.UpToDate}/{summary.Total}, {summary.Running} in flight, {Readable.Money(summary.Cost)}, {summary.PerMinute:0.0} a minute{left}");
        ClearProgress();
        // A line that wraps could not be taken back.
        _progress = text[..Math.Min(text.Length, Math.Max(Console.WindowWidth - 1, 0))];
        ShowProgress();
    }

    // Text from servers and names from folders reach the terminal only here and in Line.
    private static void Trouble(string text) => Console.Error.WriteLine(SafeText.Of(text));

    private void ClearProgress()
    {
        if (_progress.Length > 0) Console.Error.Write("\r" + new string(' ', _progress.Length) + "\r");
    }

    // Below whatever was written, until the work ends.
    private void ShowProgress()
    {
        if (_progress.Length > 0) Console.Error.Write(_progress);
    }

    /// <summary>Takes the bar off the screen.</summary>
    public void EndProgress()
    {
        ClearProgress();
        _progress = "";
    }

    // In a log every line has its time.
    private static string Now => Console.IsOutputRedirected
        ? DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ ", CultureInfo.InvariantCulture) : "";

    private static string Padded(BatchItemState state) =>
        (state == BatchItemState.Uncertain ? "unsure" : state.ToString().ToLowerInvariant()).PadRight(8);
}
