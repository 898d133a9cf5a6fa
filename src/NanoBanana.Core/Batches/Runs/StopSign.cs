using System.Globalization;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>How a process asks those that work on a batch to stop: a line in its folder, which they look at now and
/// then.</summary>
/// <remarks>Only a line that was not there when the work began counts, so no clock is compared and none is left over
/// for the next run.</remarks>
internal sealed class StopSign : IDisposable
{
    private const string ToCancel = "cancel";
    private const string ToStop = "stop";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly string _path;
    private readonly object _gate = new();
    private string? _seen;
    private Timer? _timer;

    /// <param name="destination">Full path of the batch's folder; what was asked there before is over.</param>
    public StopSign(string destination)
    {
        _path = PathIn(destination);
        _seen = Read();
    }

    /// <summary>Asks whoever works on a batch now.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="cancelJobs">Whether its jobs at the service should end too.</param>
    /// <exception cref="NbException">The folder cannot be written.</exception>
    public static void Ask(string destination, bool cancelJobs)
    {
        string path = PathIn(destination);
        try
        {
            string store = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(store)) throw new DirectoryNotFoundException($"There is no folder '{store}'.");
            byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{(cancelJobs ? ToCancel : ToStop)} {Guid.NewGuid():N}\n"));
            AtomicFile.Write(path, new BlobStore(destination).TemporaryFolder, overwrite: true, stream =>
                stream.Write(line));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    /// <summary>Tells of every line that comes from now on.</summary>
    /// <param name="onAsked">Called from any thread, with whether the jobs at the service should end too.</param>
    public void Watch(Action<bool> onAsked) => _timer = new Timer(_ => Look(onAsked), null, Period, Period);

    public void Dispose() => _timer?.Dispose();

    private static string PathIn(string destination) => Path.Combine(destination, BlobStore.FolderName, "batch.stop");

    private void Look(Action<bool> onAsked)
    {
        lock (_gate)
        {
            string? line = Read();
            if (line is null || line == _seen) return;
            _seen = line;
            onAsked(line.StartsWith(ToCancel, StringComparison.Ordinal));
        }
    }

    // Null while there is no whole line.
    private string? Read()
    {
        try
        {
            using var file = new StreamReader(Disk.OpenRead(_path));
            string text = file.ReadToEnd();
            return text.EndsWith('\n') ? text : null;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            return null;
        }
    }
}
