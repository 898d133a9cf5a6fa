using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Batches;

/// <summary>A run that takes up what a killed run left, and is killed itself at any step of it.</summary>
public sealed class ResumeKillTests
{
    private const string Sidecar = ".nb.json";

    // How many runs in a row are killed. NB_KILL_DEPTH makes it more.
    private static readonly int Depth =
        int.TryParse(Environment.GetEnvironmentVariable("NB_KILL_DEPTH"), out int depth) ? depth : 1;

    /// <param name="left">What the first run left of its one picture: where the picture and its sidecar are.</param>
    [Theory]
    [InlineData("arrived, no sidecar")]
    [InlineData("arrived by a clock that lags, no sidecar")]
    [InlineData("arrived, sidecar staged")]
    [InlineData("staged, sidecar staged")]
    [InlineData("in its place, sidecar staged")]
    [InlineData("in its place, sidecar in its place")]
    public async Task Killed_at_any_step_of_taking_up_a_picture_it_is_kept_and_never_uncertain(string left)
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(1));
        string sha256 = Leave(fixture.Destination, left);
        int looked = 0;
        var waiting = new Stack<(int Kills, Dictionary<string, (byte[] Bytes, DateTime Written)> Files)>();
        var seen = new HashSet<string>();
        waiting.Push((0, Snapshot(fixture.Destination)));
        while (waiting.TryPop(out var state))
        {
            Restore(fixture.Destination, state.Files);
            looked++;
            void Look(DiskStep step, string path, string? from)
            {
                if (state.Kills >= Depth || !path.StartsWith(fixture.Destination, StringComparison.Ordinal)) return;
                var files = Snapshot(fixture.Destination);
                if (seen.Add($"{state.Kills} {KeyOf(files)}")) waiting.Push((state.Kills + 1, files));
            }
            Disk.Done += Look;
            try
            {
                var (summary, _) = await fixture.RunAsync(null);
                Assert.True(summary is { UpToDate: 1, Uncertain: 0 },
                    $"{summary} after {string.Join(", ", state.Files.Keys.Order())}");
            }
            finally
            {
                Disk.Done -= Look;
            }
            NbImage image = ImageFile.Import(Path.Combine(fixture.Destination, "item-1.jpg"));
            Assert.Equal((sha256, sha256), (image.Sha256, image.RecordedSha256));
            Assert.Equal(!left.EndsWith("no sidecar", StringComparison.Ordinal), image.Conversation is not null);
            LedgerEvent[] events = [.. LedgerFile.ReadAll(fixture.Destination).Events];
            Assert.Single(events, line => line.Kind == LedgerEventKind.Received);
            Assert.DoesNotContain(events, line => line.Kind == LedgerEventKind.Uncertain);
        }
        Assert.Equal(1, fixture.Billed);
        Assert.InRange(looked, 4, int.MaxValue);
    }

    // The ledger knows only that it was sent.
    private static string Leave(string destination, string left)
    {
        string ledger = Path.Combine(destination, Ledger.FileName);
        LedgerEvent sent = LedgerFile.Read(ledger).Events.Single(line => line.Kind == LedgerEventKind.Submitted);
        File.WriteAllLines(ledger, File.ReadAllLines(ledger).Where(line =>
            !line.Contains("\"saved\"", StringComparison.Ordinal)
            && !line.Contains("\"received\"", StringComparison.Ordinal)));
        string picture = Path.Combine(destination, "item-1.jpg"), temporary = Path.Combine(destination, ".nb", "tmp");
        string sha256 = Blob.FromFile(picture).Sha256;
        string staged = Path.Combine(temporary,
            $"{ItemSaver.StagedPrefix}{sha256}-{ArrivedPart.ShortHash("item-1")}");
        string arrived = Path.Combine(temporary,
            $"{BlobSink.ArrivedPrefix}{ArrivedPart.NameOf("item-1", sent.RequestHash!, isRehearsal: false)}000-x.tmp");
        if (left.StartsWith("arrived", StringComparison.Ordinal)) File.Move(picture, arrived);
        if (left.StartsWith("staged", StringComparison.Ordinal)) File.Move(picture, staged);
        if (left.EndsWith("sidecar staged", StringComparison.Ordinal)) File.Move(picture + Sidecar, staged + Sidecar);
        if (left.EndsWith("no sidecar", StringComparison.Ordinal)) File.Delete(picture + Sidecar);
        if (left.Contains("lags", StringComparison.Ordinal))
        {
            File.SetLastWriteTimeUtc(arrived, sent.At.UtcDateTime - TimeSpan.FromSeconds(2));
        }
        return sha256;
    }

    // A killed process leaves what the system had taken, flushed or not. Locks end with it.
    private static Dictionary<string, (byte[] Bytes, DateTime Written)> Snapshot(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(folder, path), path =>
            {
                using var stream = new FileStream(
                    path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                byte[] bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return (bytes, File.GetLastWriteTimeUtc(path));
            });

    private static string KeyOf(Dictionary<string, (byte[] Bytes, DateTime Written)> files) => string.Join('|',
        files.Where(file => file.Key != "report.html").OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key} {file.Value.Bytes.Length}"));

    private static void Restore(string folder, Dictionary<string, (byte[] Bytes, DateTime Written)> files)
    {
        Directory.Delete(folder, recursive: true);
        foreach ((string name, (byte[] bytes, DateTime written)) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
            File.SetLastWriteTimeUtc(path, written);
        }
    }
}
