using System.Globalization;

namespace NanoBanana.Bench.Driving;

/// <summary>Every row of the table, and a few beside it that put them in proportion.</summary>
internal static class Cases
{
    private const double MiB = 1024 * 1024;
    private const int ItemCount = 10_000;
    private const int ReferenceLength = 4 * 1024 * 1024;

    public static IReadOnlyList<Case> All(long jsonlLength) =>
    [
        new("answer-memory-20", "one 20 MiB answer, kept in memory", "answer-memory:20m")
        {
            Bars =
            [
                new("CPU of ours / official SDK", 0.20, "x", m => m.Ours.Cpu / m.Official.Cpu),
                new("peak above idle / decoded bytes", 1.5, "x", m => m.Ours.Peak / (m.Ours.Bytes / MiB)),
            ],
        },
        new("drain-20", "the same answer read into nothing: what the platform's HTTP client costs by itself",
            "drain:20m")
        {
            Parties = [Party.Ours],
        },
        new("answer-memory-8", "one 8 MiB answer, kept in memory", "answer-memory:8m"),
        new("answer-memory-2", "one 2 MiB answer, kept in memory", "answer-memory:2m"),
        new("answer-file-20", "one 20 MiB answer straight to a file", "answer-file:20m")
        {
            Parties = [Party.Ours, Party.Official, Party.Curl],
            Bars =
            [
                new("peak above idle", 12, "MiB", m => m.Ours.Peak),
                new("wall of ours / curl to a file", 2.0, "x", m => m.Ours.Wall / m.Curl.Wall),
            ],
        },
        new("parallel-files-32", "32 answers of 20 MiB at once to files", "parallel-files:20m")
        {
            Calls = 0,
            Bars = [new("peak memory of the whole process", 160, "MiB", m => m.Ours.Total)],
        },
        new("request-references", "request with five 4 MiB references", "request-references")
        {
            Prepare = MakeReferences,
            Bars = [new("CPU of ours / official SDK", 0.25, "x", m => m.Ours.Cpu / m.Official.Cpu)],
        },
        new("edit-history", "edit on a history of ten 8 MiB images and signatures", "edit-history")
        {
            Prepare = MakeHistory,
            Calls = 2,
            Limit = TimeSpan.FromMinutes(6),
            Bars = [new("peak above idle", 16, "MiB", m => m.Ours.Peak)],
        },
        new("interaction-file-8", "one 8 MiB answer by the Interactions API straight to a file",
            "interaction-file:events-8m")
        {
            Calls = 2,
            Limit = TimeSpan.FromMinutes(4),
        },
        new("interaction-edit", "the same edit by the Interactions API, which names the answer before",
            "interaction-edit")
        {
            Prepare = MakeHistory,
        },
        new("interaction-steps", "the same edit by the Interactions API with all ten images as steps",
            "interaction-steps")
        {
            Prepare = MakeHistory,
            Calls = 2,
            Limit = TimeSpan.FromMinutes(6),
        },
        new("jsonl", $"result JSONL of {jsonlLength / 1e9:0.#} GB", Named("jsonl", jsonlLength))
        {
            Calls = 0,
            Limit = TimeSpan.FromMinutes(4),
            Bars =
            [
                new("peak memory of the whole process", 150, "MiB", m => m.Ours.Total),
                new("throughput of ours / readline + JSON.parse + Buffer.from", 8, "x",
                    m => m.Official.Wall / m.Ours.Wall, AtLeast: true),
            ],
        },
        new("jsonl-files", "the same, every image and signature hashed and stored", Named("jsonl-files", jsonlLength))
        {
            Calls = 0,
            Limit = TimeSpan.FromMinutes(4),
            Parties = [Party.Ours],
        },
        new("nb-run", $"nb run of {ItemCount} up-to-date items", "run")
        {
            Calls = 0,
            Parties = [Party.Nb],
            Prepare = MakeBatch,
            Bars = [new("wall, start of the process included", 3, "s", m => m.Nb.Wall / 1000)],
        },
    ];

    private static string Named(string work, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"{work}:jsonl-{length}");

    private static void MakeReferences(BenchHost host, string folder)
    {
        string warm = Directory.CreateDirectory(Path.Combine(folder, "warm")).FullName;
        for (int i = 1; i <= 5; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"reference-{i}.png"), Png(ReferenceLength, i));
            File.WriteAllBytes(Path.Combine(warm, $"reference-{i}.png"), Png(64 * 1024, i));
        }
    }

    private static byte[] Png(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        bytes[0] = 0x89;
        "PNG\r\n\u001a\n"u8.CopyTo(bytes.AsSpan(1));
        return bytes;
    }

    private static void MakeBatch(BenchHost host, string folder)
    {
        IEnumerable<string> items = Enumerable.Range(1, ItemCount)
            .Select(i => $$"""{"name":"fox-{{i:D5}}","prompt":"Fox number {{i}} in the snow, at night, under a lantern"}""");
        File.WriteAllText(Path.Combine(folder, BenchHost.Manifest),
            $$"""{"defaults":{"size":"4K"},"items":[{{string.Join(",\n", items)}}]}""");
        host.RunNb(folder, TimeSpan.FromMinutes(6));
    }

    private static void MakeHistory(BenchHost host, string folder)
    {
        string warm = Directory.CreateDirectory(Path.Combine(folder, "warm")).FullName;
        host.Run(Party.Ours, "make-history:8m", folder, calls: 0, TimeSpan.FromSeconds(60));
        host.Run(Party.Ours, "make-history:tiny", warm, calls: 0, TimeSpan.FromSeconds(60));
    }
}
