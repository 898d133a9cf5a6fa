using System.Collections.Concurrent;

namespace NanoBanana.PowerShell;

/// <summary>A shell that closes waits for what its batches have in flight: it is paid for, and would be lost with the
/// process.</summary>
internal static class ExitGuard
{
    // An answer takes no longer than the client's own time limit.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static readonly ConcurrentDictionary<NbBatch, bool> InFlight = new();

    static ExitGuard() => AppDomain.CurrentDomain.ProcessExit += (_, _) => AwaitAll();

    /// <summary>Remembers a batch until its work has ended.</summary>
    public static void Add(NbBatch batch)
    {
        InFlight[batch] = true;
        _ = batch.Completion.ContinueWith(_ => InFlight.TryRemove(batch, out bool _), TaskScheduler.Default);
    }

    private static void AwaitAll()
    {
        NbBatch[] batches = [.. InFlight.Keys];
        foreach (NbBatch batch in batches) batch.Stop(cancelJobs: false);
        int flying = batches.Sum(batch => batch.Summary.Running);
        if (flying > 0)
        {
            Console.Error.WriteLine(FormattableString.Invariant(
                $"Waiting for {flying} images in flight: they are paid for. Start-NbBatch on the folder goes on with the rest."));
        }
        try
        {
            Task.WaitAll([.. batches.Select(batch => batch.Completion)], Longest);
        }
        catch (AggregateException)
        {
            // What went wrong is on record in the folder.
        }
    }
}
