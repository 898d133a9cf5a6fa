using System.Globalization;
using System.Runtime.InteropServices;

namespace NanoBanana.Bench.Driving;

/// <summary>Prints a run as Markdown.</summary>
internal static class Report
{
    /// <param name="to">Where it is printed.</param>
    /// <param name="official">Folder of the official SDK's side.</param>
    public static void Machine(TextWriter to, string official)
    {
        string cpu = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1].Trim() ?? "unknown CPU";
        to.WriteLine($"Machine: {cpu}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        to.WriteLine($"Versions: {RuntimeInformation.FrameworkDescription}, Node {Version("node", "--version")}, "
            + $"@google/genai {Version("node", "-p", $"require('{official}/node_modules/@google/genai/package.json').version")}, "
            + Version("curl", "--version"));
        Load(to);
        to.WriteLine();
    }

    public static void Load(TextWriter to) => to.WriteLine(
        $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load {File.ReadAllText("/proc/loadavg").Trim()}");

    public static void Numbers(TextWriter to, Case one, Medians medians)
    {
        to.WriteLine($"### {one.Name}: {one.What}");
        to.WriteLine();
        to.WriteLine(
            "| who | first call, wall ms | first call, CPU ms | wall ms | CPU ms | idle MiB | peak above idle MiB | peak MiB | largest request, bytes |");
        to.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (string party in one.Parties)
        {
            Measure m = medians.Of(party);
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {party} | {m.FirstWall:0.0} | {m.FirstCpu:0.0} | {m.Wall:0.0} | {m.Cpu:0.0} | {m.Idle:0.0} | {m.Peak:0.0} | {m.Total:0.0} | {m.Sent:N0} |")
                .Replace("NaN", "-", StringComparison.Ordinal));
        }
        if (medians.Parties.Contains(Party.Official))
        {
            Measure ours = medians.Ours;
            Measure theirs = medians.Official;
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| ours / official | {ours.FirstWall / theirs.FirstWall:0.00} | {ours.FirstCpu / theirs.FirstCpu:0.00} "
                + $"| {ours.Wall / theirs.Wall:0.00} | {ours.Cpu / theirs.Cpu:0.00} | {ours.Idle / theirs.Idle:0.00} "
                + $"| {ours.Peak / theirs.Peak:0.00} | {ours.Total / theirs.Total:0.00} | {(double)ours.Sent / theirs.Sent:0.00} |"));
        }
        to.WriteLine();
    }

    public static void Bars(TextWriter to, IEnumerable<(Case Case, Medians Medians)> done)
    {
        to.WriteLine("| work | target | measured | |");
        to.WriteLine("|---|---|---|---|");
        foreach ((Case one, Medians medians) in done)
        {
            foreach (Bar bar in one.Bars)
            {
                double measured = bar.Read(medians);
                bool isMet = bar.AtLeast ? measured >= bar.Limit : measured <= bar.Limit;
                to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {one.What}: {bar.What} | {(bar.AtLeast ? ">=" : "<=")} {bar.Limit:0.##} {bar.Unit} | {measured:0.00} {bar.Unit} | {(isMet ? "met" : "MISSED")} |"));
            }
        }
        to.WriteLine();
    }

    private static string Version(string program, params string[] arguments) =>
        BenchHost.Capture(program, arguments, TimeSpan.FromSeconds(10)).Split('\n')[0].Split(" (")[0].Trim();
}
