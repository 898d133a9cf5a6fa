namespace NanoBanana.Batches;

/// <summary>Adds up what batches did cost, from their ledgers.</summary>
public static class UsageReport
{
    /// <summary>One line for each day, folder, model and mode, oldest first.</summary>
    /// <param name="folders">Full paths; batches in folders below them count too.</param>
    /// <param name="from">The first day, UTC; null for the beginning.</param>
    /// <param name="to">The last day, UTC; null for today.</param>
    /// <exception cref="NbException">A ledger cannot be read.</exception>
    public static IReadOnlyList<UsageLine> Read(IEnumerable<string> folders, DateOnly? from = null, DateOnly? to = null) =>
    [
        .. folders.SelectMany(BatchesIn).Distinct(StringComparer.Ordinal)
            .SelectMany(folder => LedgerFile.ReadAll(folder).Events.Select(line => (Folder: folder, Line: line, Day: DateOnly.FromDateTime(line.At.UtcDateTime))))
            .Where(entry => entry.Line.Kind is LedgerEventKind.Received or LedgerEventKind.Uncertain
                && (from is null || entry.Day >= from) && (to is null || entry.Day <= to))
            .GroupBy(entry => (entry.Day, entry.Folder, Model: entry.Line.Model ?? "", Mode: entry.Line.Mode ?? BatchMode.Live), entry => entry.Line)
            .Select(group => Sum(new UsageLine { Day = group.Key.Day, Folder = group.Key.Folder, Model = group.Key.Model, Mode = group.Key.Mode }, group))
            .OrderBy(line => line.Day).ThenBy(line => line.Folder, StringComparer.Ordinal).ThenBy(line => line.Model, StringComparer.Ordinal),
    ];

    private static IEnumerable<string> BatchesIn(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder)) throw NbErrors.FileNotFound(folder);
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return Directory.EnumerateFiles(folder, LedgerFile.Pattern, options).Select(file => Path.GetDirectoryName(file)!);
    }

    private static UsageLine Sum(UsageLine line, IEnumerable<LedgerEvent> events)
    {
        foreach (LedgerEvent entry in events)
        {
            line = entry.Kind == LedgerEventKind.Uncertain
                ? line with { Uncertain = line.Uncertain + 1, UncertainCost = line.UncertainCost + (entry.Estimate ?? 0) }
                : line with
                {
                    Answers = line.Answers + 1,
                    Cost = line.Cost + (entry.Cost ?? 0),
                    EstimatedCost = line.EstimatedCost + (entry.Cost is null ? 0 : entry.Estimate ?? 0),
                    OfUnknownPrice = line.OfUnknownPrice + (entry.Cost is null ? 1 : 0),
                };
        }
        return line;
    }
}
