using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>What this user's calls cost, in all processes: each process writes its own file, in a folder for each
/// month. Costs that cannot be written still count in this process.</summary>
internal sealed class SpendingLog
{
    private const string Extension = ".txt";

    private static readonly ConcurrentDictionary<string, SpendingLog> Logs = new(StringComparer.Ordinal);

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly string _name = $"{Environment.ProcessId}-{Guid.NewGuid():n}{Extension}";
    // USD by day, because every period begins at the start of a day.
    private readonly Dictionary<DateOnly, decimal> _own = [];
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
            var day = DateOnly.FromDateTime(at.UtcDateTime);
            _own[day] = _own.GetValueOrDefault(day) + usd;
            try
            {
                string month = MonthOf(day);
                Directory.CreateDirectory(month);
                File.AppendAllText(Path.Combine(month, _name), FormattableString.Invariant(
                    $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {usd}\n"), Encoding.ASCII);
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                // A picture must not be lost because its cost cannot be written.
            }
        }
    }

    /// <summary>USD spent since the beginning of a day.</summary>
    public decimal Since(DateOnly day)
    {
        lock (_gate)
        {
            return Others(day).Append(_own).Sum(days => days.Where(one => one.Key >= day).Sum(one => one.Value));
        }
    }

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
            .GroupBy(line => line.Day).ToDictionary(day => day.Key, day => day.Sum(line => line.Usd));
    }

    // Another process may be writing the last line.
    private static (DateOnly Day, decimal Usd)? Line(string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && DateTimeOffset.TryParse(
                parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            && decimal.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd)
            ? (DateOnly.FromDateTime(at.UtcDateTime), usd) : null;
    }
}
