using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>What this user's calls cost, in all processes: each process writes its own file, in a folder for each
/// month. Costs that cannot be written still count in this process.</summary>
/// <remarks>A line is a time and USD. Before a call is sent, the most it usually costs is written with a +, and taken
/// back with a - when the call is settled. Other processes count it meanwhile. If its process is killed, they keep
/// counting it, because the call may have been billed.</remarks>
internal sealed class SpendingLog
{
    private const string Extension = ".txt";

    private static readonly ConcurrentDictionary<string, SpendingLog> Logs = new(StringComparer.Ordinal);

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly string _name = $"{Environment.ProcessId}-{Guid.NewGuid():n}{Extension}";
    // USD by day, because every period begins at the start of a day.
    private readonly Dictionary<DateOnly, decimal> _own = [];
    // Of calls in flight, by who sent them.
    private readonly Dictionary<(object Owner, DateOnly Day), decimal> _inFlight = [];
    private readonly Dictionary<string, (long Length, Dictionary<DateOnly, decimal> Days)> _others =
        new(StringComparer.Ordinal);

    private SpendingLog(string folder) => _folder = folder;

    /// <summary>The log in a folder; the whole process shares it.</summary>
    public static SpendingLog In(string folder) => Logs.GetOrAdd(folder, path => new SpendingLog(path));

    /// <summary>Records what a call cost.</summary>
    public void Add(DateTimeOffset at, decimal usd)
    {
        if (usd <= 0) return;
        lock (_gate)
        {
            DateOnly day = DayOf(at);
            _own[day] = _own.GetValueOrDefault(day) + usd;
            Write(at, "", usd);
        }
    }

    /// <summary>Notes what a call may cost that is about to be sent.</summary>
    /// <param name="owner">Whose call it is; see <see cref="Since"/>.</param>
    /// <param name="at">When.</param>
    /// <param name="usd">USD.</param>
    public void Begin(object owner, DateTimeOffset at, decimal usd)
    {
        if (usd <= 0) return;
        lock (_gate)
        {
            (object, DateOnly) key = (owner, DayOf(at));
            _inFlight[key] = _inFlight.GetValueOrDefault(key) + usd;
            Write(at, "+", usd);
        }
    }

    /// <summary>Takes back what <see cref="Begin"/> noted, with the same time.</summary>
    public void End(object owner, DateTimeOffset at, decimal usd)
    {
        if (usd <= 0) return;
        lock (_gate)
        {
            (object, DateOnly) key = (owner, DayOf(at));
            _inFlight[key] -= usd;
            if (_inFlight[key] <= 0) _inFlight.Remove(key);
            // On the day it was noted, so that no other day gains by it.
            Write(at, "-", usd);
        }
    }

    /// <summary>One process at a time asks what is left and notes what it takes of it; null where the folder cannot be
    /// written.</summary>
    public FolderLock? Turn()
    {
        try
        {
            return FolderLock.Naming(_folder);
        }
        catch (NbException)
        {
            return null;
        }
    }

    /// <summary>USD since the beginning of a day, with what others have in flight.</summary>
    /// <param name="day">The day.</param>
    /// <param name="owner">Whose calls in flight are not counted.</param>
    public decimal Since(DateOnly day, object owner)
    {
        lock (_gate)
        {
            return Others(day).Append(_own).Sum(days => days.Where(one => one.Key >= day).Sum(one => one.Value))
                + _inFlight.Where(one => one.Key.Day >= day && one.Key.Owner != owner).Sum(one => one.Value);
        }
    }

    private void Write(DateTimeOffset at, string sign, decimal usd)
    {
        try
        {
            string month = MonthOf(DayOf(at));
            Directory.CreateDirectory(month);
            File.AppendAllText(Path.Combine(month, _name), FormattableString.Invariant(
                $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {sign}{usd}\n"), Encoding.ASCII);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // The picture counts more than the note of what it cost.
        }
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private List<Dictionary<DateOnly, decimal>> Others(DateOnly day)
    {
        var others = new List<Dictionary<DateOnly, decimal>>();
        try
        {
            if (!Directory.Exists(_folder)) return others;
            string first = MonthOf(day);
            foreach (FileInfo file in Directory.GetDirectories(_folder)
                .Where(month => string.CompareOrdinal(month, first) >= 0)
                .SelectMany(month => new DirectoryInfo(month).GetFiles("*" + Extension))
                .Where(file => file.Name != _name))
            {
                others.Add(DaysOf(file));
            }
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // Everything that can be read counts.
        }
        return others;
    }

    // A file that cannot be read counts with its last known amount, and does not affect the others.
    private Dictionary<DateOnly, decimal> DaysOf(FileInfo file)
    {
        bool isKnown = _others.TryGetValue(file.FullName, out var known);
        try
        {
            if (!isKnown || known.Length != file.Length)
            {
                _others[file.FullName] = known = (file.Length, Read(file.FullName));
            }
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
        }
        return known.Days ?? [];
    }

    private string MonthOf(DateOnly day) =>
        Path.Combine(_folder, day.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    private static Dictionary<DateOnly, decimal> Read(string path)
    {
        using Stream stream = Disk.OpenRead(path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Select(Line).OfType<(DateOnly Day, decimal Usd)>()
            .GroupBy(line => line.Day).ToDictionary(day => day.Key, day => Math.Max(0, day.Sum(line => line.Usd)));
    }

    // Another process may be writing the last line.
    private static (DateOnly Day, decimal Usd)? Line(string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && DateTimeOffset.TryParse(
                parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            && decimal.TryParse(parts[1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out decimal usd)
            ? (DayOf(at), usd < 0 ? -StoredJson.Usd(-usd) : StoredJson.Usd(usd)) : null;
    }
}
