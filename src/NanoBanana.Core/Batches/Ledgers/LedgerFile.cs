using NanoBanana.Storage;

namespace NanoBanana.Batches.Ledgers;

/// <summary>What a ledger's file holds.</summary>
/// <param name="Events">In the order of the file.</param>
/// <param name="GoodLength">Bytes up to the end of the last whole line.</param>
/// <param name="MissesLineBreak">Whether the last whole line lacks its line break.</param>
/// <param name="Warnings">Lines that were left out.</param>
internal sealed record LedgerFile(
    IReadOnlyList<LedgerEvent> Events, long GoodLength, bool MissesLineBreak, IReadOnlyList<string> Warnings)
{
    /// <summary>Names of the ledgers in a destination: the whole batch's, and one for each shard.</summary>
    public const string Pattern = "ledger*.jsonl";

    /// <summary>Reads a ledger; one that is not there is empty.</summary>
    /// <exception cref="NbException">It cannot be read, or a newer version wrote it.</exception>
    public static LedgerFile Read(string path) => Read(path, withEvents: true);

    /// <summary>The same without the events: where the last whole line ends, for whoever goes on writing.</summary>
    /// <exception cref="NbException">It cannot be read, or a newer version wrote it.</exception>
    public static LedgerFile ReadExtent(string path) => Read(path, withEvents: false);

    private static LedgerFile Read(string path, bool withEvents)
    {
        byte[] bytes;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bytes = new byte[stream.Length];
            bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new LedgerFile([], 0, false, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Unreadable(path, e);
        }
        return Read(bytes, path, withEvents);
    }

    /// <summary>Every ledger of a destination as one, in the order of time. A line that stands in two of them counts once:
    /// a crash while ledgers are joined leaves it so.</summary>
    public static LedgerFile ReadAll(string destination)
    {
        if (!Directory.Exists(destination)) return new LedgerFile([], 0, false, []);
        LedgerFile[] all = [.. Directory.GetFiles(destination, Pattern).Order(StringComparer.Ordinal).Select(Read)];
        return new LedgerFile(
            all.Length == 1 ? all[0].Events : [.. all.SelectMany(file => file.Events).Distinct().OrderBy(line => line.At)],
            0, false, [.. all.SelectMany(file => file.Warnings)]);
    }

    private static LedgerFile Read(byte[] bytes, string path, bool withEvents)
    {
        var events = new List<LedgerEvent>();
        var warnings = new List<string>();
        int number = 0;
        for (int start = 0; start < bytes.Length;)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            bool isTorn = length < 0;
            ReadOnlyMemory<byte> text = isTorn ? bytes.AsMemory(start) : bytes.AsMemory(start, length);
            number++;
            LedgerEvent? line = null;
            int version = 0;
            // Only the first line names a version; of the others it is enough here that they are whole.
            if (withEvents || number == 1 ? LedgerLine.TryRead(text, out line, out version) : LedgerLine.IsWhole(text.Span))
            {
                if (version > LedgerLine.Version) throw BatchErrors.LedgerNewer(path, version);
                if (line is not null) events.Add(line);
            }
            else if (isTorn)
            {
                // The process that wrote it was killed in the middle.
                return new LedgerFile(events, start, false, warnings);
            }
            else
            {
                warnings.Add(FormattableString.Invariant($"Line {number} of '{path}' is damaged and was left out."));
            }
            if (isTorn) return new LedgerFile(events, bytes.Length, true, warnings);
            start += length + 1;
        }
        return new LedgerFile(events, bytes.Length, false, warnings);
    }
}
