using System.Globalization;

namespace NanoBanana.Tests.Batches;

/// <summary>A clock that a run asks before each line of its ledger, and that copies the run's folder then: what a kill
/// at this moment would leave.</summary>
internal sealed class SnapshotTime(string folder, string copies, Func<int> billed) : TimeProvider
{
    private readonly object _gate = new();

    /// <summary>The copies, each with what had been billed by then.</summary>
    public List<(string Folder, int Billed)> All { get; } = [];

    public override DateTimeOffset GetUtcNow()
    {
        if (Environment.StackTrace.Contains("Ledgers.Ledger.Append", StringComparison.Ordinal)) Copy();
        return base.GetUtcNow();
    }

    private void Copy()
    {
        lock (_gate)
        {
            string copy = Path.Combine(copies, All.Count.ToString(CultureInfo.InvariantCulture));
            All.Add((copy, billed()));
            foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                if (file.EndsWith(".lock", StringComparison.Ordinal)) continue;
                string target = Path.Combine(copy, Path.GetRelativePath(folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                using var from = new FileStream(file, FileMode.Open, FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete);
                using FileStream to = File.Create(target);
                from.CopyTo(to);
                File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
            }
        }
    }
}
