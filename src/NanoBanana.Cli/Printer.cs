using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Cli;

/// <summary>Words for people: results on standard output, troubles on standard error, and on a terminal a line that
/// moves.</summary>
/// <param name="words">How advice is worded; null for the words of manifests and runs.</param>
internal sealed class Printer(WordList? words = null)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How advice is worded for the command line.</summary>
    public static WordList Words { get; } = WordList.Of(typeof(Printer).Assembly);

    /// <summary>The same where one picture is made or checked: what a manifest's item calls 'size' is --size.</summary>
    public static WordList SingleWords { get; } =
        Words.With(typeof(Printer).Assembly.GetManifestResourceStream("single.words.json")!);

    private readonly WordList _words = words ?? Words;

    private readonly bool _isTerminal = !Console.IsOutputRedirected && !Console.IsErrorRedirected;
    private long _lastProgress;
    private int _progressLength;

    public void Line(string text)
    {
        ClearProgress();
        Console.Out.WriteLine(SafeText.Plain(text));
    }

    public void Warn(string text)
    {
        ClearProgress();
        Trouble($"warning: {_words.Say(text)}");
    }

    public void Error(NbException e)
    {
        ClearProgress();
        Trouble($"error: {_words.Say(e.Message)} [{e.ErrorId}]");
        if (e.Advice.Length > 0) Trouble($"       {_words.Say(e.Advice)}");
    }

    public void Item(BatchItem item, string destination)
    {
        switch (item.State)
        {
            case BatchItemState.Succeeded:
                string cost = item.Cost is { } usd ? Readable.Money(usd) : "price unknown";
                Line($"made     {item.Name}: {Path.GetRelativePath(destination, item.Path!)} ({item.Image?.Width}x{item.Image?.Height}, {cost})");
                foreach (string warning in item.Warnings) Warn($"{item.Name}: {warning}");
                break;
            // The service wants a pause, during which nothing seems to happen.
            case BatchItemState.Running or BatchItemState.Pending when item.Error is { } pause:
                Warn($"{item.Name}: {_words.Say(pause.Message)}");
                break;
            case BatchItemState.Submitted:
                Line($"sent     {item.Name}: job {item.Job}");
                break;
            // Hundreds may have the same reason: they are reported together at the end.
            case BatchItemState.Blocked when item.IsHeldBack:
                break;
            case BatchItemState.Failed or BatchItemState.Blocked or BatchItemState.Uncertain
                or BatchItemState.Rejected:
                ClearProgress();
                string why = _words.Say(item.Error?.Message ?? "");
                Trouble($"{Padded(item.State)} {item.Name}: {why} [{item.Error?.ErrorId}]");
                if (item.State != BatchItemState.Blocked && item.Error is { Advice.Length: > 0 } error)
                {
                    Trouble($"         {_words.Say(error.Advice)}");
                }
                break;
        }
    }

    /// <summary>Moves the line, when it is time to.</summary>
    /// <param name="summarize">Counts every item, so it is asked only when the line moves.</param>
    public void Progress(Func<BatchSummary> summarize)
    {
        if (!_isTerminal || TimeProvider.System.GetElapsedTime(_lastProgress) < ProgressEvery) return;
        _lastProgress = TimeProvider.System.GetTimestamp();
        BatchSummary summary = summarize();
        string left = summary.TimeLeft is { } time
            ? string.Create(CultureInfo.InvariantCulture, $", {time:h\\:mm\\:ss} left") : "";
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{summary.Made + summary.UpToDate}/{summary.Total}, {summary.Running} in flight, {Readable.Money(summary.Cost)}, {summary.PerMinute:0.0} a minute{left}");
        Console.Error.Write("\r" + text.PadRight(_progressLength));
        _progressLength = text.Length;
    }

    // Words of servers and names from folders reach a terminal here and in Line, and nowhere else.
    private static void Trouble(string text) => Console.Error.WriteLine(SafeText.Of(text));

    private void ClearProgress()
    {
        if (_progressLength == 0) return;
        Console.Error.Write("\r" + new string(' ', _progressLength) + "\r");
        _progressLength = 0;
    }

    private static string Padded(BatchItemState state) =>
        (state == BatchItemState.Uncertain ? "unsure" : state.ToString().ToLowerInvariant()).PadRight(8);
}
