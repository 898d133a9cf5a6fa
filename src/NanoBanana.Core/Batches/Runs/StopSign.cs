using System.Globalization;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>Asks the processes that work on a batch to stop: a line in a file of its folder, which they poll.</summary>
/// <remarks>Only lines added after the work began count, so no clocks are compared and no request is left over for the
/// next run.</remarks>
internal sealed class StopSign : IDisposable
{
    private const string ToCancel = "cancel";
    private const string ToStop = "stop";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly string _path;
    private readonly object _gate = new();
    private string? _seen;
    private Timer? _timer;

    /// <param name="destination">Full path of the batch's folder; earlier requests there are ignored.</param>
    public StopSign(string destination)
    {
        _path = PathIn(destination);
        _seen = Read();
    }

    /// <summary>Asks all processes that work on a batch now to stop.</summary>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="cancelJobs">Whether to cancel its jobs at the service too.</param>
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

    /// <summary>Calls back for every line added from now on.</summary>
    /// <param name="onAsked">Called from any thread, with whether to cancel the jobs at the service too.</param>
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

    // Null while there is no complete line.
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
