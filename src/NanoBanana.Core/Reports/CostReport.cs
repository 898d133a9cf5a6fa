using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Reports;

/// <summary>What folders of images cost: batches from their ledgers, single images from their sidecars, each answer
/// once.</summary>
public sealed record CostReport
{
    private const CostGrouping Everything =
        CostGrouping.Day | CostGrouping.Folder | CostGrouping.Model | CostGrouping.Mode;

    private static readonly EnumerationOptions Below =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>One line for each day, folder, model and mode, oldest first.</summary>
    public required ImmutableArray<CostLine> Lines { get; init; }

    /// <summary>Requests of batches that were sent and not answered yet, by their estimates; in no other line. An
    /// answer with an id is left out, because it is counted when it is fetched.</summary>
    internal ImmutableArray<CostLine> InFlight { get; init; } = [];

    /// <summary>Files that could not be read and are in no sum.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Reads folders with their subfolders, and single images.</summary>
    /// <param name="paths">Full paths.</param>
    /// <param name="from">The first day, UTC; null for the beginning.</param>
    /// <param name="to">The last day, UTC; null for today.</param>
    /// <param name="catalog">Prices for the estimates of single images; null for the built-in one.</param>
    /// <exception cref="NbException">There is no such folder or file, or a ledger cannot be read.</exception>
    public static CostReport Read(IEnumerable<string> paths, DateOnly? from = null, DateOnly? to = null,
        ModelCatalog? catalog = null)
    {
        string[] named = [.. paths];
        string[] files = [.. named.SelectMany(FilesIn).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var ledgers = new LedgerCosts();
        foreach (string folder in files.Where(IsLedger).Select(file => Path.GetDirectoryName(file)!)
            .Distinct(StringComparer.Ordinal))
        {
            ledgers.Read(folder);
        }
        // Read after all ledgers: images copied out of a batch are counted there.
        var sidecars = new SidecarCosts(ledgers.Answers, catalog ?? ModelCatalog.BuiltIn);
        foreach (string file in files.Where(ImageFile.IsSidecar)) sidecars.Read(file);
        sidecars.ReadJudgings(files.Where(IsJudgings));
        // Of an image that is named alone, its own: the folder's log holds those of all.
        foreach (IGrouping<string, string> images in named.Select(Path.GetFullPath)
            .Where(path => File.Exists(path) && !IsLedger(path))
            .GroupBy(image => JudgingLog.PathFor(Path.GetDirectoryName(image)!))
            .Where(images => File.Exists(images.Key) && !files.Contains(images.Key, StringComparer.Ordinal)))
        {
            sidecars.ReadJudgings(images.Key, images);
        }
        return new CostReport
        {
            Lines = Sum(ledgers.Lines.Concat(sidecars.Lines).Where(IsWithin), Everything),
            InFlight = Sum(ledgers.InFlight.Where(IsWithin), Everything),
            Warnings = [.. ledgers.Warnings, .. sidecars.Warnings],
        };

        bool IsWithin(CostLine line) => (from is null || line.Day >= from) && (to is null || line.Day <= to);
    }

    /// <summary>The report in fewer lines, oldest first.</summary>
    /// <param name="grouping">What lines are grouped by.</param>
    public ImmutableArray<CostLine> By(CostGrouping grouping) => Sum(Lines, grouping);

    private static ImmutableArray<CostLine> Sum(IEnumerable<CostLine> lines, CostGrouping grouping) =>
    [
        .. lines
            .GroupBy(line => new CostLine
            {
                Day = grouping.HasFlag(CostGrouping.Day) ? line.Day : null,
                Folder = grouping.HasFlag(CostGrouping.Folder) ? line.Folder : null,
                Model = grouping.HasFlag(CostGrouping.Model) ? line.Model : null,
                Mode = grouping.HasFlag(CostGrouping.Mode) ? line.Mode : null,
            })
            .Select(group => group.Aggregate(group.Key, (sum, line) => sum.With(line)))
            .OrderBy(line => line.Day).ThenBy(line => line.Folder, StringComparer.Ordinal)
            .ThenBy(line => line.Model, StringComparer.Ordinal).ThenBy(line => line.Mode),
    ];

    private static IEnumerable<string> FilesIn(string path)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path))
        {
            string file = IsSource(path) ? path : Sidecar.PathFor(path);
            return File.Exists(file) ? [file] : [];
        }
        if (!Directory.Exists(path)) throw FileErrors.NotFound(path);
        // Other files in .nb belong to pictures that are counted; only answers without a picture are counted here.
        string own = Path.DirectorySeparatorChar + BlobStore.FolderName + Path.DirectorySeparatorChar;
        IEnumerable<string> files = Directory.EnumerateFiles(path, "*.json*", Below)
            .Where(file => IsSource(file) && !file.AsSpan(path.Length).Contains(own, StringComparison.Ordinal));
        string[] folders = [path, .. Directory.EnumerateDirectories(path, "*", Below)];
        return files
            .Concat(folders.Select(AnswersFolder.Of).Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + Sidecar.Extension)))
            .Concat(folders.Select(JudgingLog.PathFor).Where(File.Exists));
    }

    private static bool IsJudgings(string file) =>
        file == JudgingLog.PathFor(Path.GetDirectoryName(Path.GetDirectoryName(file))!);

    private static bool IsSource(string file) => IsLedger(file) || ImageFile.IsSidecar(file);

    private static bool IsLedger(string file) => LedgerFile.IsName(Path.GetFileName(file));
}
