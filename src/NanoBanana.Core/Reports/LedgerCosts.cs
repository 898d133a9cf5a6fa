using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Reports;

/// <summary>What batches cost, from their ledgers.</summary>
internal sealed class LedgerCosts
{
    private readonly HashSet<LedgerEvent> _seen = [];

    public List<CostLine> Lines { get; } = [];

    /// <summary>Requests that were sent and have no later line, by their estimates: they are in flight, part of a job,
    /// or their process was ended.</summary>
    public List<CostLine> InFlight { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Ids of the counted answers; see <see cref="LedgerEvent.Answer"/>.</summary>
    public HashSet<string> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the ledgers of one folder.</summary>
    /// <exception cref="NbException">One cannot be read.</exception>
    public void Read(string folder) => Read(folder, LedgerFile.ReadAll(folder));

    /// <summary>Counts one ledger of a folder.</summary>
    public void Read(string folder, LedgerFile ledger)
    {
        Warnings.AddRange(ledger.Warnings);
        var answered = new HashSet<string>(StringComparer.Ordinal);
        var uncertain = new Dictionary<string, CostLine>(StringComparer.Ordinal);
        foreach (LedgerEvent line in ledger.Events)
        {
            if (line.IsRehearsal)
            {
                // Nothing was billed for it, and an earlier uncertain item stays uncertain.
                CountRehearsal(line, folder);
                continue;
            }
            if (line.Kind == LedgerEventKind.Submitted)
            {
                answered.Remove(line.Item);
                uncertain.Remove(line.Item);
            }
            if (line is { Kind: LedgerEventKind.Judged, Cost: not null } && _seen.Add(line))
            {
                Answers.Add(CostLine.JudgingOf(line.Sha256));
                Lines.Add(LineOf(line, folder).WithJudging(line.Cost));
            }
            if (line.Kind is not (LedgerEventKind.Received or LedgerEventKind.Uncertain)) continue;
            // A folder that was copied repeats every line of its ledger.
            if (!_seen.Add(line)) continue;
            CostLine usage = LineOf(line, folder);
            if (line.Kind == LedgerEventKind.Received)
            {
                answered.Add(line.Item);
                // The answer was found after all.
                if (uncertain.Remove(line.Item, out CostLine? lost)) Lines.Remove(lost);
                if (line.Answer is { } answer) Answers.Add(answer);
                Lines.Add(usage.WithAnswer(line.Cost, line.Estimate));
            }
            // An answer that came and was not saved is uncertain as a picture, not as money.
            else if (!answered.Contains(line.Item))
            {
                Lines.Add(uncertain[line.Item] = usage.WithUncertain(line.Estimate));
            }
        }
        InFlight.AddRange(ItemRecord.Fold(ledger.EventsFor(isRehearsal: false)).Values
            .Where(record => record is { IsInFlight: true, IsReceived: false, AnswerId: null, Submitted: not null })
            .Select(record => record.Submitted!)
            .Where(_seen.Add)
            .Select(sent => LineOf(sent, folder).WithUncertain(sent.Estimate)));
    }

    private void CountRehearsal(LedgerEvent line, string folder)
    {
        if (line.Kind == LedgerEventKind.Judged) Answers.Add(CostLine.JudgingOf(line.Sha256));
        if (line.Kind != LedgerEventKind.Received || !_seen.Add(line)) return;
        if (line.Answer is { } answer) Answers.Add(answer);
        Lines.Add(LineOf(line, folder) with { Rehearsals = 1 });
    }

    private static CostLine LineOf(LedgerEvent line, string folder) => new()
    {
        Day = DateOnly.FromDateTime(line.At.UtcDateTime),
        Folder = folder,
        Model = line.Model ?? "",
        Mode = line.Mode ?? BatchMode.Live,
    };
}
