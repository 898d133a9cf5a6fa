using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using NanoBanana.Bench.Serving;

namespace NanoBanana.Bench.Driving;

/// <summary>The server, the folders and the child processes of a run. Disposed, it leaves nothing behind.</summary>
internal sealed partial class BenchHost : IDisposable
{
    private const int ChildrenUsage = -1;

    /// <summary>The manifest of <c>nb run</c>, in the folder of its case.</summary>
    public const string Manifest = "manifest.json";

    private readonly Process _server;
    private readonly string _official;

    public BenchHost(string official)
    {
        _official = official;
        Root = Directory.CreateTempSubdirectory("nb-bench-").FullName;
        _server = Start(Environment.ProcessPath!, ["serve"], keepsInput: true);
        Server = _server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server did not start.");
    }

    /// <summary>Where everything temporary lies.</summary>
    public string Root { get; }

    /// <summary>Address of the server.</summary>
    public string Server { get; }

    /// <summary>Runs one child to its end.</summary>
    public Measure Run(string party, string work, string folder, int calls, TimeSpan limit)
    {
        Measure measured = RunChild(party, work, folder, calls, limit);
        string sent = Capture("curl", ["-s", $"{Server}/{CannedConnection.SentName}"], limit);
        return measured with { Sent = long.Parse(sent, CultureInfo.InvariantCulture) };
    }

    private Measure RunChild(string party, string work, string folder, int calls, TimeSpan limit)
    {
        if (party == Party.Curl) return RunCurl(work, folder, calls, limit);
        if (party == Party.Nb) return RunNb(folder, limit);
        string count = calls.ToString(CultureInfo.InvariantCulture);
        string output = party == Party.Ours
            ? Capture(Environment.ProcessPath!, ["ours", work, Server, folder, count], limit)
            : Capture("node", ["--expose-gc", Path.Combine(_official, "child.mjs"), work, Server, folder, count],
                limit);
        return JsonSerializer.Deserialize(output, MeasureJson.Default.Measure)!;
    }

    /// <summary>Runs a program and gives what it printed.</summary>
    public static string Capture(string program, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        using Process process = Start(program, arguments, keepsInput: false);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} {string.Join(' ', arguments)} took longer than {limit.TotalSeconds:0} s.");
        }
        return process.ExitCode == 0
            ? output.Result
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>CPU of all children that have ended, in ms.</summary>
    public static double ChildrenCpu()
    {
        if (GetResourceUsage(ChildrenUsage, out ResourceUsage usage) != 0) return double.NaN;
        return usage.UserSeconds * 1000.0 + usage.UserMicroseconds / 1000.0
            + usage.SystemSeconds * 1000.0 + usage.SystemMicroseconds / 1000.0;
    }

    public void Dispose()
    {
        _server.StandardInput.Close();
        if (!_server.WaitForExit(TimeSpan.FromSeconds(5))) _server.Kill();
        _server.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Runs the manifest in the folder: the first time it makes everything, after that there is nothing to
    /// do.</summary>
    public Measure RunNb(string folder, TimeSpan limit)
    {
        string nb = Path.Combine(AppContext.BaseDirectory, "../../NanoBanana.Cli/release/nb");
        string[] arguments =
        [
            "run", Path.Combine(folder, Manifest), "--out", Path.Combine(folder, "out"), "--base-uri", $"{Server}/mini",
            "--parallel", "16",
        ];
        double cpu = ChildrenCpu();
        var clock = Stopwatch.StartNew();
        Capture(nb, arguments, limit);
        double wall = clock.Elapsed.TotalMilliseconds;
        cpu = ChildrenCpu() - cpu;
        return new Measure(wall, cpu, wall, cpu, double.NaN, double.NaN, double.NaN, 0);
    }

    // curl measures its own transfer: what it takes to start curl is no part of the floor.
    private Measure RunCurl(string work, string folder, int calls, TimeSpan limit)
    {
        string url = $"{Server}/{work.Split(':')[1]}/v1beta/models/m:generateContent";
        string file = Path.Combine(folder, "curl.json");
        var walls = new List<double>();
        double cpu = ChildrenCpu();
        for (int i = 0; i <= calls; i++)
        {
            string seconds = Capture("curl", ["-s", "-d", "{}", "-o", file, "-w", "%{time_total}", url], limit);
            walls.Add(double.Parse(seconds, CultureInfo.InvariantCulture) * 1000);
        }
        cpu = (ChildrenCpu() - cpu) / walls.Count;
        double wall = walls.Order().ElementAt(walls.Count / 2);
        return new Measure(walls[0], cpu, wall, cpu, double.NaN, double.NaN, double.NaN, new FileInfo(file).Length);
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, bool keepsInput)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = keepsInput,
        };
        start.Environment["GEMINI_API_KEY"] = "bench";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, out ResourceUsage usage);

    // The head of struct rusage on 64-bit Linux; the fields after it are counters nobody asks for here.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
