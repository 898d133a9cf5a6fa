using System.Diagnostics;
using System.Text.Json;

namespace NanoBanana.Bench.Ours;

/// <summary>One process of ours: warms up on small answers, then measures itself at work.</summary>
internal static class OurChild
{
    private const int WarmUps = 40;
    private const int SettlingSteps = 4;

    /// <param name="work">Name of the work.</param>
    /// <param name="server">Address of the server.</param>
    /// <param name="folder">A folder of this child's own, or the one that holds the work's input.</param>
    /// <param name="calls">How many calls to measure after the first.</param>
    public static async Task<int> RunAsync(string work, Uri server, string folder, int calls)
    {
        using var jobs = new OurWork(server, folder);
        (Func<Task<long>> warmUp, Func<Task<long>> call) = jobs.Find(work);
        // Both runtimes compile what is hot while they run, in steps, each after a number of calls and a pause.
        for (int step = 0; step < SettlingSteps; step++)
        {
            for (int i = 0; i < WarmUps; i++) await warmUp();
            // Everything that can be given back is given back, so that the peak is the call's own.
            await SettleAsync(GCCollectionMode.Aggressive);
        }
        ProcessMemory.ForgetPeak();
        double idle = ProcessMemory.Resident;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        long bytes = await call();
        double firstWall = clock.Elapsed.TotalMilliseconds;
        double firstCpu = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
        double total = ProcessMemory.Peak;

        // What only large answers make hot is compiled now: the calls after the first are measured when that is done.
        for (int step = 0; calls > 0 && step < SettlingSteps; step++)
        {
            for (int i = 0; i < calls; i++) await call();
            await SettleAsync(GCCollectionMode.Forced);
        }
        double[] walls = new double[calls];
        cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < calls; i++)
        {
            clock.Restart();
            await call();
            walls[i] = clock.Elapsed.TotalMilliseconds;
        }
        double cpuPerCall = calls == 0 ? firstCpu : (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / calls;
        double wall = calls == 0 ? firstWall : walls.Order().ElementAt(calls / 2);
        var measure = new Measure(firstWall, firstCpu, wall, cpuPerCall, idle, total - idle, total, bytes);
        Console.WriteLine(JsonSerializer.Serialize(measure, MeasureJson.Default.Measure));
        return 0;
    }

    // Tiered compilation works in the background, and only after a pause.
    private static async Task SettleAsync(GCCollectionMode mode)
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, mode, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            await Task.Delay(150);
        }
    }
}
