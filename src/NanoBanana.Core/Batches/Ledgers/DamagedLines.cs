using System.Text;
using System.Text.Json;

namespace NanoBanana.Batches.Ledgers;

/// <summary>Reconstructs what damaged lines of a ledger may have recorded, because a request that may have been sent is
/// not sent again without consent.</summary>
internal static class DamagedLines
{
    // This many characters of a hash are unique among items.
    private const int TellingLength = 12;

    // Losing lines of these kinds cannot lead to paying twice.
    private static readonly string[] Harmless =
        [.. new[] { LedgerEventKind.Planned, LedgerEventKind.Retrying, LedgerEventKind.Received, LedgerEventKind.Saved,
            LedgerEventKind.Judged, LedgerEventKind.Failed, LedgerEventKind.Blocked, LedgerEventKind.Uncertain }
            .Select(kind => $"\"event\":\"{kind.ToString().ToLowerInvariant()}\"")];

    /// <summary>Adds a submission for every item that a damaged line may have been about.</summary>
    /// <param name="events">The intact lines of the ledger.</param>
    /// <param name="damaged">The damaged lines: the number of intact lines before each, and its bytes.</param>
    public static List<LedgerEvent> Mend(
        List<LedgerEvent> events, List<(int After, ReadOnlyMemory<byte> Text)> damaged)
    {
        // From the end, so that earlier positions stay valid.
        foreach ((int after, ReadOnlyMemory<byte> bytes) in Enumerable.Reverse(damaged))
        {
            string text = Encoding.UTF8.GetString(bytes.Span);
            if (text.Contains("{\"ledger\":", StringComparison.Ordinal)) continue;
            bool isHarmless = Harmless.Any(kind => text.Contains(kind, StringComparison.Ordinal))
                && !text.Contains("submitted", StringComparison.OrdinalIgnoreCase);
            if (isHarmless) continue;
            LedgerEvent[] open = [.. OpenItems(events, after)];
            LedgerEvent[] named = [.. open.Where(planned => IsNamed(planned, text))];
            DateTimeOffset at = after > 0 ? events[after - 1].At : default;
            // A line without a readable item name may be about any item; its cost is counted for none.
            events.InsertRange(after, (named.Length > 0 ? named : open).Select(planned => planned with
            {
                Kind = LedgerEventKind.Submitted,
                At = at,
                RequestHash = planned.RequestHash ?? planned.ItemKey,
                Estimate = named.Length > 0 ? planned.Estimate : null,
            }));
        }
        return events;
    }

    // The last planned lines of items that have no later line and that a next run would send.
    private static IEnumerable<LedgerEvent> OpenItems(List<LedgerEvent> events, int after)
    {
        var planned = new Dictionary<string, LedgerEvent>(StringComparer.Ordinal);
        var isSettled = new HashSet<string>(StringComparer.Ordinal);
        for (int at = 0; at < events.Count; at++)
        {
            LedgerEvent line = events[at];
            bool isOpened = line.Kind is LedgerEventKind.Planned or LedgerEventKind.Failed or LedgerEventKind.Retrying;
            if (at < after && isOpened)
            {
                if (line.Kind == LedgerEventKind.Planned) planned[line.Item] = line;
                // Items to be made again.
                isSettled.Remove(line.Item);
            }
            else if (at >= after ? line.Kind is not (LedgerEventKind.Planned or LedgerEventKind.Blocked)
                : line.Kind is LedgerEventKind.Saved or LedgerEventKind.Submitted or LedgerEventKind.Uncertain)
            {
                isSettled.Add(line.Item);
            }
        }
        return planned.Values.Where(line => !isSettled.Contains(line.Item));
    }

    private static bool IsNamed(LedgerEvent planned, string text)
    {
        // The name as written in JSON, with its quotation marks, so that item-1 is not found in item-12.
        string name = JsonEncodedText.Encode(planned.Item, System.Text.Encodings.Web.JavaScriptEncoder
            .UnsafeRelaxedJsonEscaping).ToString();
        if (text.Contains($"\"item\":\"{name}\"", StringComparison.Ordinal)) return true;
        for (int at = 0; planned.ItemKey is { } key && at + TellingLength <= key.Length; at++)
        {
            if (text.AsSpan().Contains(key.AsSpan(at, TellingLength), StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
