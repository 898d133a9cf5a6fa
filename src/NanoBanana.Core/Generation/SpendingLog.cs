using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>What calls of this user did cost, of all processes: each writes a file of its own, a folder for each month.
/// What cannot be written counts in this process all the same.</summary>
internal sealed class SpendingLog
{
    private const string Extension = ".txt";

    private static readonly ConcurrentDictionary<string, SpendingLog> Logs = new(StringComparer.Ordinal);

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly string _name = $"{Environment.ProcessId}-{Guid.NewGuid():n}{Extension}";
    private readonly List<(DateTimeOffset At, decimal Usd)> _own = [];
    private readonly Dictionary<string, (long Length, (DateTimeOffset At, decimal Usd)[] Lines)> _others =
        new(StringComparer.Ordinal);

    private SpendingLog(string folder) => _folder = folder;

    /// <summary>The log in a folder, one for all of this process.</summary>
    public static SpendingLog In(string folder) => Logs.GetOrAdd(folder, path => new SpendingLog(path));

    /// <summary>Notes what a call cost.</summary>
    public void Add(DateTimeOffset at, decimal usd)
    {
        if (usd <= 0) return;
        lock (_gate)
        {
            _own.Add((at, usd));
            try
            {
                string month = MonthOf(DateOnly.FromDateTime(at.UtcDateTime));
                Directory.CreateDirectory(month);
                File.AppendAllText(Path.Combine(month, _name), FormattableString.Invariant(
                    $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {usd}\n"), Encoding.ASCII);
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                // The picture counts more than the note of what it cost.
            }
        }
    }

    /// <summary>USD since the beginning of a day.</summary>
    public decimal Since(DateOnly day)
    {
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        lock (_gate)
        {
            return _own.Concat(Others(day)).Where(line => line.At >= from).Sum(line => line.Usd);
        }
    }

    private List<(DateTimeOffset At, decimal Usd)> Others(DateOnly day)
    {
        var lines = new List<(DateTimeOffset At, decimal Usd)>();
        try
        {
            if (!Directory.Exists(_folder)) return lines;
            string first = MonthOf(day);
            foreach (FileInfo file in Directory.GetDirectories(_folder)
                .Where(month => string.CompareOrdinal(month, first) >= 0)
                .SelectMany(month => new DirectoryInfo(month).GetFiles("*" + Extension))
                .Where(file => file.Name != _name))
            {
                if (!_others.TryGetValue(file.FullName, out var known) || known.Length != file.Length)
                {
                    _others[file.FullName] = known = (file.Length, Read(file.FullName));
                }
                lines.AddRange(known.Lines);
            }
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // What can be read counts.
        }
        return lines;
    }

    private string MonthOf(DateOnly day) =>
        Path.Combine(_folder, day.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    private static (DateTimeOffset At, decimal Usd)[] Read(string path)
    {
        using Stream stream = Disk.OpenRead(path);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Select(Line).OfType<(DateTimeOffset, decimal)>()];
    }

    // A line that is being written may be half there.
    private static (DateTimeOffset At, decimal Usd)? Line(string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && DateTimeOffset.TryParse(
                parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            && decimal.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd)
            ? (at, usd) : null;
    }
}
