using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.InteropServices;
using NanoBanana.Generation;

namespace NanoBanana.PowerShell;

/// <summary>Makes an ending shell wait for requests in flight, which are paid for and would be lost with the process.
/// It waits when the shell exits, receives SIGTERM, or loses its terminal (SIGHUP), where .NET 10 would not wait. A
/// second SIGTERM ends the shell at once.</summary>
internal static class ExitGuard
{
    // No client waits longer for an answer, in any service tier.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(21);

    // By then the process has ended, unless its host prevents that.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly ConcurrentDictionary<object, Work> Works = new();

    // Kept for the life of the process.
    private static readonly PosixSignalRegistration[] Signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
    ];

    // Read at the start: once a terminal is gone, it is reported as redirected.
    private static readonly (bool Output, bool Error) IsTerminal =
        (!Console.IsOutputRedirected, !Console.IsErrorRedirected);

    private static ManualResetEventSlim? _ending;
    private static int _terminations;

    static ExitGuard()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => AwaitAll();
        GC.KeepAlive(Signals);
    }

    /// <summary>Guards a batch until its work has ended.</summary>
    public static void Watch(NbBatch batch)
    {
        Works[batch] = new Work(() => batch.Summary.Running, () =>
        {
            batch.Stop(cancelJobs: false);
            return batch.Completion;
        });
        ForgetAfter(batch.Completion, batch);
    }

    /// <summary>Guards the calls of a command until it releases them.</summary>
    public static void Watch(ImageEngine engine) => Works[engine] = new Work(() => engine.InFlight, engine.FinishAsync);

    /// <summary>Releases a command's calls.</summary>
    public static void LetGo(ImageEngine engine)
    {
        Task end = engine.FinishAsync();
        // Dispose would abort a command's calls, so at the end of the process they are waited for first.
        if (_ending is not null) WaitFor([end]);
        ForgetAfter(end, engine);
    }

    /// <summary>Keeps a pipeline from going on while the process ends.</summary>
    /// <exception cref="PipelineStoppedException">The process is ending.</exception>
    /// <exception cref="OperationCanceledException">The pipeline was stopped.</exception>
    public static void Hold(CancellationToken stopped = default)
    {
        if (_ending is not { } ending) return;
        ending.Wait(Longest, stopped);
        stopped.WaitHandle.WaitOne(Grace);
        throw new PipelineStoppedException();
    }

    private static void ForgetAfter(Task end, object work) =>
        _ = end.ContinueWith(_ => Works.TryRemove(work, out Work? _), TaskScheduler.Default);

    private static void OnSignal(PosixSignalContext context)
    {
        // The terminal is gone: writing to it would end the process.
        if (context.Signal == PosixSignal.SIGHUP) FallSilent();
        else if (Interlocked.Increment(ref _terminations) > 1) return;
        var ending = new ManualResetEventSlim();
        if (Interlocked.CompareExchange(ref _ending, ending, null) is { } known)
        {
            // A closing terminal sends two signals, and the end of a session sends SIGTERM too.
            known.Wait(Longest);
            return;
        }
        AwaitAll();
        ending.Set();
        // The signal is not canceled, so the process ends now. If its host prevents that, work may continue.
        _ = Task.Delay(Grace).ContinueWith(_ => _ending = null, TaskScheduler.Default);
        _terminations = 0;
    }

    private static void FallSilent()
    {
        if (IsTerminal.Output) Console.SetOut(TextWriter.Null);
        if (IsTerminal.Error) Console.SetError(TextWriter.Null);
    }

    private static void AwaitAll()
    {
        Work[] works = [.. Works.Values];
        Task[] ends = [.. works.Select(work => work.FinishAsync())];
        int inFlight = works.Sum(work => work.Running());
        if (inFlight > 0)
        {
            Console.Error.WriteLine(FormattableString.Invariant(
                $"Waiting for {inFlight} images in flight: they are paid for. Start-NbBatch on a folder goes on with its rest."));
        }
        WaitFor(ends);
    }

    private static void WaitFor(Task[] ends)
    {
        try
        {
            Task.WaitAll(ends, Longest);
        }
        catch (AggregateException)
        {
            // The error is recorded in the folder.
        }
    }

    private sealed record Work(Func<int> Running, Func<Task> FinishAsync);
}
