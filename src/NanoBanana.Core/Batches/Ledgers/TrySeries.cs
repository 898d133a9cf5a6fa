namespace NanoBanana.Batches.Ledgers;

/// <summary>The tries at one picture according to the ledger: those with the same item key, in order. A run that was
/// ended continues between two of them.</summary>
internal sealed class TrySeries
{
    // Replaced, never modified, because the run adds to it while another thread may enumerate it.
    private volatile TryRecord[] _tries = [];
    private decimal _judging;

    public IReadOnlyList<TryRecord> Tries => _tries;

    /// <summary>Hash of what goes into their item.</summary>
    public string? ItemKey { get; private set; }

    /// <summary>USD of all tries, judging included; null when unknown, or before any answer.</summary>
    public decimal? Cost => Array.FindAll(_tries, one => one.IsReceived) is { Length: > 0 } received
        && Array.TrueForAll(received, one => one.Cost is not null) ? received.Sum(one => one.Cost) + _judging : null;

    /// <summary>Number of tries that were answered, and therefore paid for.</summary>
    public int Answered => _tries.Count(one => one.IsReceived);

    /// <summary>The pictures of all tries.</summary>
    public IEnumerable<LedgerEvent> Files =>
        _tries.SelectMany(one => new[] { one.Made, one.Composed }).OfType<LedgerEvent>();

    /// <summary>The number of the try that is sent next, or is in flight.</summary>
    public int Next => _tries is not [.., var last] ? 1
        : last is { Made: null, Without: null } ? last.Number : last.Number + 1;

    /// <summary>Whether they are tries at the item's current request.</summary>
    public bool IsOf(string? itemKey) => itemKey is not null && ItemKey == itemKey && _tries.Length > 0;

    /// <summary>The try that a picture belongs to; null for none.</summary>
    public TryRecord? Of(string? sha256) => _tries.LastOrDefault(one =>
        sha256 is not null && (one.Composed?.Sha256 == sha256 || one.Made?.Sha256 == sha256));

    public void Add(LedgerEvent line)
    {
        switch (line.Kind)
        {
            case LedgerEventKind.Submitted:
                Begin(line.Try ?? 1, line.ItemKey);
                break;
            case LedgerEventKind.Received:
                TryRecord received = For(line);
                (received.Cost, received.IsReceived) = (line.Cost, true);
                break;
            case LedgerEventKind.Retrying when line.Try is not null:
                For(line).Without = line;
                break;
            case LedgerEventKind.Saved:
                TryRecord saved = For(line);
                // A recovered picture has no line of its own.
                saved.IsReceived = true;
                if (line.Rule is not null) saved.Composed = line;
                // A later line about the same picture has its new name.
                else if (saved.Composed is { } composed && composed.Sha256 == line.Sha256)
                {
                    saved.Composed = line with { Rule = composed.Rule };
                }
                else (saved.Made, saved.Composed) = (line, null);
                break;
            case LedgerEventKind.Judged:
                _judging += line.Cost ?? 0;
                if (Array.Find(_tries, one => one.Number == line.Try) is { } judged) judged.Judged = line;
                break;
        }
    }

    private void Begin(int number, string? itemKey)
    {
        // A request that is sent again after no answer counts as the same try.
        bool isSame = ItemKey == itemKey && _tries is [.., { IsReceived: false } last] && last.Number == number;
        if (isSame) return;
        bool isOther = number == 1 || ItemKey != itemKey;
        if (isOther) _judging = 0;
        ItemKey = itemKey;
        _tries = [.. isOther ? [] : _tries, new TryRecord(number)];
    }

    // A line without a number is about the last try.
    private TryRecord For(LedgerEvent line)
    {
        if (Array.FindLast(_tries, one => line.Try is null || one.Number == line.Try) is { } known)
        {
            ItemKey ??= line.ItemKey;
            return known;
        }
        if (_tries.Length == 0) ItemKey = line.ItemKey;
        var added = new TryRecord(line.Try ?? 1);
        _tries = [.. _tries, added];
        return added;
    }
}
