using System.Text.RegularExpressions;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Ledgers;

/// <summary>The content of a ledger's file.</summary>
/// <param name="Events">In the order of the file.</param>
/// <param name="GoodLength">Bytes up to the end of the last complete line.</param>
/// <param name="MissesLineBreak">Whether the last complete line lacks its line break.</param>
/// <param name="Warnings">Lines that were left out.</param>
internal sealed partial record LedgerFile(
    IReadOnlyList<LedgerEvent> Events, long GoodLength, bool MissesLineBreak, IReadOnlyList<string> Warnings)
{
    private static readonly byte[] HeadStart = "{\"ledger\":"u8.ToArray();

    /// <summary>Whether this module wrote it: it is empty, one of its lines has a valid checksum, or it is the
    /// incomplete beginning of a ledger.</summary>
    public bool IsOurs { get; private init; } = true;

    /// <summary>The lines that apply to a run: all lines for a rehearsal, and no lines of rehearsals for a real
    /// run.</summary>
    public IEnumerable<LedgerEvent> EventsFor(bool isRehearsal) =>
        isRehearsal ? Events : Events.Where(line => !line.IsRehearsal);

    /// <summary>Full paths of the ledgers in a destination: the whole batch's, and one for each shard. Foreign files
    /// with a similar name are left out.</summary>
    public static IEnumerable<string> AllIn(string destination) =>
        Directory.EnumerateFiles(destination, "ledger*.jsonl").Where(path => IsName(Path.GetFileName(path)));

    /// <summary>A stamp that changes whenever a ledger of a destination changes.</summary>
    public static string StampOf(string destination)
    {
        if (!Directory.Exists(destination)) return "";
        try
        {
            return string.Join('|', AllIn(destination).Order(StringComparer.Ordinal)
                .Select(path => new FileInfo(path)).Select(file =>
                    FormattableString.Invariant($"{file.Name}:{file.Length}:{file.LastWriteTimeUtc.Ticks}")));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // Reading the file later reports the error.
            return Guid.NewGuid().ToString();
        }
    }

    /// <summary>Whether a file has the name of a ledger.</summary>
    public static bool IsName(string name) => NameForm().IsMatch(name);

    /// <summary>Reads a ledger; a missing file counts as empty.</summary>
    /// <exception cref="NbException">It cannot be read, or a newer version wrote it.</exception>
    public static LedgerFile Read(string path) => Read(path, withEvents: true);

    /// <summary>Reads a ledger without its events, to find where the last complete line ends.</summary>
    /// <exception cref="NbException">It cannot be read, or a newer version wrote it.</exception>
    public static LedgerFile ReadExtent(string path) => Read(path, withEvents: false);

    private static LedgerFile Read(string path, bool withEvents)
    {
        byte[] bytes;
        Inside.Check(Path.GetDirectoryName(path)!, path);
        try
        {
            using Stream stream = Disk.OpenRead(path);
            bytes = new byte[stream.Length];
            bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new LedgerFile([], 0, false, []);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
        return Read(bytes, path, withEvents);
    }

    /// <summary>All ledgers of a destination as one, in order of time. A line that is in two ledgers counts once; a
    /// crash while joining ledgers may cause this.</summary>
    public static LedgerFile ReadAll(string destination)
    {
        if (!Directory.Exists(destination)) return new LedgerFile([], 0, false, []);
        LedgerFile[] all = [.. AllIn(destination).Order(StringComparer.Ordinal).Select(Read)];
        return new LedgerFile(
            all.Length == 1 ? all[0].Events
                : [.. all.SelectMany(file => file.Events).Distinct().OrderBy(line => line.At)],
            0, false, [.. all.SelectMany(file => file.Warnings)]);
    }

    private static LedgerFile Read(byte[] bytes, string path, bool withEvents)
    {
        var events = new List<LedgerEvent>();
        var warnings = new List<string>();
        var damaged = new List<(int After, ReadOnlyMemory<byte> Text)>();
        int number = 0, whole = 0;
        for (int start = 0; start < bytes.Length;)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            bool isTorn = length < 0;
            ReadOnlyMemory<byte> text = isTorn ? bytes.AsMemory(start) : bytes.AsMemory(start, length);
            number++;
            LedgerEvent? line = null;
            int version = 0;
            // Only the first line has a version; the others only need to be intact.
            if (withEvents
                || number == 1
                    ? LedgerLine.TryRead(text.Span, out line, out version, events.Count > 0 ? events[^1] : null)
                    : LedgerLine.IsWhole(text.Span))
            {
                whole++;
                if (version > LedgerLine.Version) throw BatchErrors.LedgerNewer(path, version);
                if (line is not null) events.Add(line);
            }
            else if (isTorn && !text.Span.EndsWith("\"}"u8))
            {
                // The process was killed while it wrote the line.
                return new LedgerFile(Mended(), start, false, warnings) { IsOurs = IsWritten() };
            }
            else
            {
                warnings.Add(FormattableString.Invariant($"Line {number} of '{path}' is damaged and was left out."));
                damaged.Add((events.Count, text));
            }
            if (isTorn) return new LedgerFile(Mended(), bytes.Length, true, warnings) { IsOurs = IsWritten() };
            start += length + 1;
        }
        return new LedgerFile(Mended(), bytes.Length, false, warnings) { IsOurs = IsWritten() };

        List<LedgerEvent> Mended() => withEvents ? DamagedLines.Mend(events, damaged) : events;

        // A power cut may leave only zeros.
        bool IsWritten() => whole > 0 || bytes.AsSpan().IndexOfAnyExcept((byte)0) < 0
            || bytes.AsSpan().StartsWith(HeadStart) || HeadStart.AsSpan().StartsWith(bytes);
    }

    [GeneratedRegex(@"\Aledger(-[0-9]+-of-[0-9]+)?\.jsonl\z")]
    private static partial Regex NameForm();
}
