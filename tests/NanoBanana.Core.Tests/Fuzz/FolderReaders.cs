using System.Security.Cryptography;
using System.Text;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Runs;
using NanoBanana.Images;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Fuzz;

/// <summary>Readers of what a batch keeps in its folder.</summary>
internal static class FolderReaders
{
    public static IEnumerable<FuzzReader> All =>
    [
        new("a ledger", bench => [bench.Bytes("ledger.jsonl")], (bench, input) => Ledgers(bench, input)),
        new("a ledger whose lines are whole", bench => [bench.Bytes("ledger.jsonl")], (bench, input) =>
            Ledgers(bench, Summed(input))),
        new("a job", bench => [File.ReadAllBytes(Jobs(bench)[0])], (bench, input) =>
        {
            File.WriteAllBytes(Jobs(bench)[0], input);
            foreach (JobRecord job in new JobStore(bench.Folder).ReadAll()) _ = $"{job} {job.Items.Length}";
        }),
        new("a folder that is run again", bench => [.. Files(bench).Select(File.ReadAllBytes)], RunAsync, 20),
        new("a request to stop", _ => FuzzBench.Texts("stop 0123\n"), (bench, input) =>
        {
            bench.Put(".nb/batch.stop", input);
            new StopSign(bench.Folder).Dispose();
        }),
    ];

    private static string[] Jobs(FuzzBench bench) => Directory.GetFiles(bench[".nb/jobs"], "*.json");

    private static void Ledgers(FuzzBench bench, byte[] input)
    {
        bench.Put("ledger.jsonl", input);
        LedgerFile.ReadExtent(bench["ledger.jsonl"]);
        ItemRecord.Fold(LedgerFile.ReadAll(bench.Folder).Events);
        BatchPlan.Create(Batch.Read(bench.Folder), bench.Service, destination: bench.Folder);
        foreach (CostLine line in CostReport.Read([bench.Folder]).Lines) _ = $"{line}";
        ReportReader.Read(bench.Folder, recurse: true);
    }

    // Whoever makes a folder can count too.
    private static byte[] Summed(byte[] input)
    {
        var lines = new List<byte>();
        foreach (string line in Encoding.Latin1.GetString(input).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int end = line.LastIndexOf(",\"sum\":\"", StringComparison.Ordinal);
            byte[] body = Encoding.Latin1.GetBytes(end < 0 ? line.TrimEnd('}') : line[..end]);
            string sum = Convert.ToHexString(SHA256.HashData(body)[..4]).ToLowerInvariant();
            lines.AddRange([.. body, .. Encoding.ASCII.GetBytes($",\"sum\":\"{sum}\"}}\n")]);
        }
        return [.. lines];
    }

    private static string[] Files(FuzzBench bench) =>
    [
        bench["batch.json"], bench["ledger.jsonl"], bench["one.jpg.nb.json"], bench["one.jpg"], Jobs(bench)[0],
    ];

    // One file of it is another's; every use of the folder follows.
    private static async Task RunAsync(FuzzBench bench, byte[] input)
    {
        string folder = Path.Combine(Path.GetDirectoryName(bench.Folder)!, "copy");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Copy(bench.Folder, folder);
        string[] files = Files(bench);
        string place = files[input.Sum(value => value) % files.Length];
        File.WriteAllBytes(Path.Combine(folder, Path.GetRelativePath(bench.Folder, place)), input);
        await TryAsync(async () =>
        {
            using Batch batch = Batch.Open(folder, bench.Service, options: new BatchOptions { RetryFailed = true });
            await foreach (BatchItem _ in batch.RunAsync())
            {
            }
        });
        await TryAsync(() => Task.Run(() => ReportPage.Export(folder, WordList.Empty)));
        await TryAsync(() => Task.Run(() => CostReport.Read([folder])));
        await TryAsync(() => Task.Run(() => BlobInventory.Of(folder)));
        foreach (string picture in ImageFile.List(folder))
        {
            await TryAsync(() => Task.Run(() => ImageFile.Import(picture)));
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string path = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }

    private static async Task TryAsync(Func<Task> use)
    {
        try
        {
            await use();
        }
        catch (NbException)
        {
        }
    }
}
