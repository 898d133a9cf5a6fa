using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NanoBanana.Tests.Shared.Fuzz;

/// <summary>Gives a reader input after input: some hundreds, or as many as fit into NB_FUZZ_SECONDS.</summary>
internal static class FuzzRun
{
    private const string SecondsVariable = "NB_FUZZ_SECONDS";
    private const string SeedVariable = "NB_FUZZ_SEED";

    // A reader that finishes no input between so many looks hangs. The looks are far apart: a busy machine is no hang.
    private const int MostLooks = 30;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    /// <summary>Fails with the input that a reader does not take as it should.</summary>
    /// <param name="name">What it reads.</param>
    /// <param name="seeds">Valid inputs.</param>
    /// <param name="count">How many inputs when no time is given.</param>
    /// <param name="read">Throws only what is not ours.</param>
    /// <returns>How many inputs were read.</returns>
    public static async Task<int> Of(string name, IReadOnlyList<byte[]> seeds, int count, Func<byte[], Task> read)
    {
        double seconds = Number(SecondsVariable) ?? 0;
        int seed = (int)(Number(SeedVariable) ?? (seconds > 0 ? Environment.TickCount & 0xFFFFFF : 1));
        var mutator = new Mutator(new Random(seed));
        int done = 0;
        byte[] input = [];
        var failures = new Dictionary<string, FuzzException>(StringComparer.Ordinal);
        Task reading = Task.Run(async () =>
        {
            var watch = Stopwatch.StartNew();
            foreach (byte[] valid in seeds) await ReadAsync(valid);
            while (seconds > 0 ? watch.Elapsed.TotalSeconds < seconds : done < count)
            {
                await ReadAsync(mutator.Next(seeds));
                done++;
            }
        });
        for ((int looks, int seen) = (0, -1); !reading.IsCompleted;)
        {
            await Task.WhenAny(reading, Task.Delay(BetweenLooks));
            looks = seen == done ? looks + 1 : 0;
            seen = done;
            if (looks >= MostLooks) throw new FuzzException(Describe("does not come to an end"));
        }
        await reading;
        if (failures.Count > 0) throw new AggregateException($"{name}: {done} inputs", failures.Values);
        return done;

        async Task ReadAsync(byte[] next)
        {
            input = next;
            try
            {
                await read(next);
            }
            catch (Exception e)
            {
                // One of each kind: a long run finds them all.
                failures.TryAdd(KindOf(e), new FuzzException(Describe($"throws {e.GetType()}: {e.Message}"), e));
            }
        }

        string Describe(string what) => string.Create(CultureInfo.InvariantCulture,
            $"{name}, seed {seed}, input {done}: it {what}\n{Shown(input)}\n{Convert.ToBase64String(input)}");
    }

    private static string KindOf(Exception e) => $"{e.GetType()} {e.StackTrace?.Split('\n')
        .FirstOrDefault(line => line.Contains(" NanoBanana.", StringComparison.Ordinal))}";

    // One character a byte where it can be read.
    private static string Shown(byte[] input) => string.Concat(Encoding.Latin1.GetString(input)
        .Take(4000).Select(c => c is >= ' ' and <= '~' or '\n' ? $"{c}" : $"\\x{(int)c:X2}"));

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double number)
            ? number : null;
}
