using NanoBanana.Batches.Manifests;

namespace NanoBanana.Batches.Ledgers;

/// <summary>What the ledger knows about one item.</summary>
internal sealed class ItemRecord
{
    // The latest submission has given neither a picture nor an error yet.
    private bool _isOpen;

    /// <summary>Its newest picture on disk; null when there never was one.</summary>
    public LedgerEvent? Saved { get; private set; }

    /// <summary>The state of its latest attempt: submitted, identified, retrying, received, saved, failed or
    /// uncertain.</summary>
    public LedgerEvent? Last { get; private set; }

    /// <summary>Its latest submission.</summary>
    public LedgerEvent? Submitted { get; private set; }

    /// <summary>The edition of its newest picture; null for none.</summary>
    public string? SavedEdition { get; private set; }

    /// <summary>When its newest picture was made; null when there never was one.</summary>
    public DateTimeOffset? SavedAt { get; private set; }

    /// <summary>Whether a forced run, which may have been stopped, must still make it again.</summary>
    public bool IsForced { get; private set; }

    /// <summary>The check of its newest picture; null when it was not checked.</summary>
    public LedgerEvent? Judged { get; private set; }

    /// <summary>Whether the latest submission was answered.</summary>
    public bool IsReceived { get; private set; }

    /// <summary>The service's id of the answer to the latest submission, while it has not been received; null when
    /// there is none to fetch.</summary>
    public string? AnswerId { get; private set; }

    /// <summary>Its last planned line; null when there is none.</summary>
    public LedgerEvent? Planned { get; private set; }

    /// <summary>Its latest cost in USD, with all tries and judging; null before any answer.</summary>
    public decimal? Cost { get; private set; }

    /// <summary>The tries at its newest picture.</summary>
    public TrySeries Series { get; } = new();

    /// <summary>Whether it was sent without a later line, or an answer came that was not saved.</summary>
    public bool IsInFlight => Last?.Kind is LedgerEventKind.Submitted or LedgerEventKind.Identified
        or LedgerEventKind.Received;

    public static Dictionary<string, ItemRecord> Fold(IEnumerable<LedgerEvent> events)
    {
        var records = new Dictionary<string, ItemRecord>(StringComparer.Ordinal);
        foreach (LedgerEvent line in events)
        {
            if (!records.TryGetValue(line.Item, out ItemRecord? record))
            {
                records.Add(line.Item, record = new ItemRecord());
            }
            record.Add(line);
        }
        return records;
    }

    /// <summary>The records of items that are not in a manifest.</summary>
    public static IEnumerable<ItemRecord> LeftOver(Dictionary<string, ItemRecord> records, Manifest manifest)
    {
        HashSet<string> names = [.. manifest.Items.Select(item => item.Name)];
        return records.Where(record => !names.Contains(record.Key)).Select(record => record.Value);
    }

    public void Add(LedgerEvent line)
    {
        Series.Add(line);
        switch (line.Kind)
        {
            case LedgerEventKind.Planned:
                Planned = line;
                IsForced |= line.IsForced;
                return;
            case LedgerEventKind.Blocked:
                return;
            case LedgerEventKind.Judged:
                Judged = line;
                Cost = Series.Cost;
                return;
            case LedgerEventKind.Submitted:
                Judged = null;
                Submitted = line;
                _isOpen = true;
                IsReceived = false;
                AnswerId = null;
                break;
            case LedgerEventKind.Identified:
                AnswerId = line.Answer;
                break;
            case LedgerEventKind.Failed:
                _isOpen = false;
                // The service still has a picture that could not be saved.
                if (line.ErrorKind != NbErrorKind.WriteError) AnswerId = null;
                break;
            case LedgerEventKind.Received:
                Cost = Series.Cost;
                IsReceived = true;
                break;
            case LedgerEventKind.Saved:
                AnswerId = null;
                Saved = line;
                SavedAt ??= line.At;
                // Otherwise the same picture was renamed or moved.
                if (_isOpen) (SavedAt, SavedEdition, IsForced, _isOpen) = (line.At, Submitted?.Edition, false, false);
                break;
        }
        Last = line;
    }
}
