using System.Globalization;

namespace NanoBanana.Bench.Driving;

/// <summary>Runs the cases: a fresh process for every sample, the parties in turns, so that a busy machine is busy for
/// all.</summary>
internal static class Driver
{
    private const int DefaultRounds = 3;
    private const long DefaultJsonl = 2_000_000_000;

    public static int Run(string[] options)
    {
        int rounds = int.Parse(Option(options, "--rounds")
            ?? DefaultRounds.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        long jsonl = long.Parse(Option(options, "--jsonl")
            ?? DefaultJsonl.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string[]? only = Option(options, "--only")?.Split(',');
        string official = Option(options, "--official") ?? throw new ArgumentException("--official FOLDER is missing.");

        Report.Machine(Console.Out, official);
        bool isWhole = true;
        var done = new List<(Case Case, Medians Medians)>();
        using (var host = new BenchHost(official))
        {
            using var cancel = new ConsoleCancel(host);
            foreach (Case one in Cases.All(jsonl).Where(one => only?.Contains(one.Name) ?? true))
            {
                Console.Error.WriteLine($"{one.Name} ...");
                try
                {
                    done.Add((one, Run(host, one, rounds)));
                    Report.Numbers(Console.Out, one, done[^1].Medians);
                }
                catch (Exception e) when (e is InvalidOperationException or TimeoutException)
                {
                    // The other rows are still worth having.
                    isWhole = false;
                    Console.Out.WriteLine($"### {one.Name}: FAILED: {e.Message}\n");
                }
            }
        }
        Report.Bars(Console.Out, done);
        Report.Load(Console.Out);
        return isWhole ? 0 : 1;
    }

    private static Medians Run(BenchHost host, Case one, int rounds)
    {
        string input = Directory.CreateDirectory(Path.Combine(host.Root, one.Name)).FullName;
        one.Prepare?.Invoke(host, input);
        var medians = new Medians();
        for (int round = 0; round < rounds; round++)
        {
            IEnumerable<string> parties = round % 2 == 0 ? one.Parties : one.Parties.Reverse();
            foreach (string party in parties)
            {
                string folder = one.Prepare is null
                    ? Directory.CreateDirectory(Path.Combine(input, Path.GetRandomFileName())).FullName
                    : input;
                medians.Add(party, host.Run(party, one.Work, folder, one.Calls, one.Limit));
                if (folder != input) Directory.Delete(folder, recursive: true);
            }
        }
        Directory.Delete(input, recursive: true);
        return medians;
    }

    private static string? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : null;

    // Ctrl+C must not leave gigabytes in the temporary folder.
    private sealed class ConsoleCancel : IDisposable
    {
        private readonly BenchHost _workshop;

        public ConsoleCancel(BenchHost host)
        {
            _workshop = host;
            Console.CancelKeyPress += OnCancel;
        }

        public void Dispose() => Console.CancelKeyPress -= OnCancel;

        private void OnCancel(object? sender, ConsoleCancelEventArgs e) => _workshop.Dispose();
    }
}
