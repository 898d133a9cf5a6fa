using System.Text;
using System.Text.Json;

namespace NanoBanana.Batches.Ledgers;

/// <summary>What damaged lines of a ledger may have said. A request that may have been sent is not sent again without
/// consent.</summary>
internal static class DamagedLines
{
    // So many characters of a hash are unique among items.
    private const int TellingLength = 12;

    // These lines say nothing that leads to paying again.
    private static readonly string[] Harmless =
        [.. new[] { LedgerEventKind.Planned, LedgerEventKind.Retrying, LedgerEventKind.Received, LedgerEventKind.Saved,
            LedgerEventKind.Judged, LedgerEventKind.Failed, LedgerEventKind.Blocked, LedgerEventKind.Uncertain }
            .Select(kind => $"\"event\":\"{kind.ToString().ToLowerInvariant()}\"")];

    /// <summary>Adds a sending for every item that a damaged line may have told of.</summary>
    /// <param name="events">The whole lines of the ledger.</param>
    /// <param name="damaged">The others: how many whole lines stand before each, and its bytes.</param>
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
            // A line that names no item may be about any of them; its cost is counted for none.
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

    // Items that nothing is told of behind the line, and that a next run would send: their last planning.
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
                // To be made again.
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
        // As it is written, and so that item-1 is not found in item-12.
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
