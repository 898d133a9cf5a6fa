using BenchmarkDotNet.Attributes;
using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Bench.Micro;

/// <summary>The ledger: opening one of 10,000 finished items, and adding a line without waiting for the disk.</summary>
public class LedgerBenchmarks
{
    private const int Items = 10_000;

    private static readonly string Hash = new('a', 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("nb-micro-").FullName;
    private string _path = "";
    private Ledger? _ledger;

    [GlobalSetup]
    public void Prepare()
    {
        _path = Path.Combine(_folder, "ledger.jsonl");
        using (Ledger ledger = Ledger.Open(_path, TimeProvider.System, default))
        {
            for (int i = 0; i < Items; i++)
            {
                foreach (LedgerEventKind kind in (LedgerEventKind[])
                    [LedgerEventKind.Planned, LedgerEventKind.Submitted, LedgerEventKind.Received,
                        LedgerEventKind.Saved])
                {
                    ledger.Append(Line(i, kind), flush: false);
                }
            }
        }
        _ledger = Ledger.Open(Path.Combine(_folder, "other.jsonl"), TimeProvider.System, default);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _ledger?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public int Read() => LedgerFile.Read(_path).Events.Count;

    [Benchmark]
    public long ReadExtent() => LedgerFile.ReadExtent(_path).GoodLength;

    [Benchmark]
    public void Append() => _ledger!.Append(Line(1, LedgerEventKind.Saved), flush: false);

    private static LedgerEvent Line(int item, LedgerEventKind kind) => new()
    {
        Kind = kind,
        Item = $"fox-{item:D5}",
        ItemKey = Hash,
        RequestHash = Hash,
        Model = "gemini-3.1-flash-image",
        Cost = 0.0349m,
        File = $"fox-{item:D5}.png",
        Sha256 = Hash,
        Length = 2_000_000,
        Modified = DateTime.UnixEpoch,
    };
}
