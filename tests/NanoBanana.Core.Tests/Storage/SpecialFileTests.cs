using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Images;
using NanoBanana.Localization;
using NanoBanana.Pictures;
using NanoBanana.Prompts;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Storage;

/// <summary>What only has the name of a file: a pipe, a device, a folder, an address without end. Nothing waits for
/// it.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pipe_is_refused_as_a_picture()
    {
        if (OperatingSystem.IsWindows()) return;
        string pipe = Pipe("pipe.png");
        Assert.Equal("Nb.File.Empty", Assert.Throws<NbException>(() => Picture.FromFile(pipe)).ErrorId);
        Assert.Equal("Nb.File.Empty", Assert.Throws<NbException>(() => ImageFile.Import(pipe)).ErrorId);
        File.CreateSymbolicLink(_folder["link.png"], pipe);
        Assert.Equal("Nb.File.Empty", Assert.Throws<NbException>(() => Picture.FromFile(_folder["link.png"])).ErrorId);
    }

    [Fact]
    public void An_endless_device_is_refused_as_a_picture()
    {
        if (!OperatingSystem.IsLinux()) return;
        Assert.Equal("Nb.File.Empty", Assert.Throws<NbException>(() => Picture.FromFile("/dev/zero")).ErrorId);
        Assert.Equal("Nb.File.Empty", Assert.Throws<NbException>(() => KeptAnswerFile.Import("/dev/zero")).ErrorId);
    }

    [Fact]
    public void A_folder_is_refused_as_a_picture()
    {
        NbException error = Assert.Throws<NbException>(() => Picture.FromFile(_folder.Path));
        Assert.Contains("is a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipes_in_place_of_a_folders_files_do_not_block()
    {
        if (OperatingSystem.IsWindows()) return;
        using HostileFolder folder = await HostileFolder.MakeAsync();
        string[] places = [folder["one.jpg"], folder["one.jpg.nb.json"], folder["kael.anchor.json"],
            folder["batch.json"], folder[".nb/batch.stop"], folder["ledger-1-of-2.jsonl"],
            folder[".nb/jobs/package.json"]];
        foreach (string place in places) Pipe(place);
        await folder.UseAsync(null);
        Pipe(folder["ledger.jsonl"]);
        Assert.Contains(await folder.UseAsync(null), error => error.ErrorId == "Nb.Batch.LedgerUnwritable");
        LedgerFile.ReadAll(folder.Folder);
        Pipe(_folder["prompts/mine.json"]);
        Assert.Equal("Nb.Template.Invalid",
            Assert.Throws<NbException>(() => PromptLibrary.Load(_folder["prompts"])).ErrorId);
        Assert.Equal("Nb.Localization.InvalidTable",
            Assert.Throws<NbException>(() => LetteringTable.Load(Pipe("strings.csv"))).ErrorId);
        Assert.Equal("Nb.Localization.InvalidTable",
            Assert.Throws<NbException>(() => LetteringTable.Load(Pipe("strings.json"))).ErrorId);
        Assert.Equal("Nb.Composition.Invalid",
            Assert.Throws<NbException>(() => PromptComposer.Load(_folder["prompts/mine.json"])).ErrorId);
    }

    [Theory]
    [InlineData(".nb/batch.lock")]
    [InlineData(".nb/batch-1-of-2.lock")]
    [InlineData(".nb/store.lock")]
    [InlineData(".nb/names.lock")]
    public async Task A_pipe_in_place_of_a_lock_does_not_block(string name)
    {
        if (OperatingSystem.IsWindows()) return;
        using HostileFolder folder = await HostileFolder.MakeAsync();
        Pipe(folder[name]);
        await folder.UseAsync(null);
        Assert.False(BatchLock.IsHeld(folder.Folder));
        NbException error = Assert.Throws<NbException>(() =>
        {
            using IDisposable held = name switch
            {
                ".nb/store.lock" => NanoBanana.Storage.FolderLock.Shared(folder.Folder),
                ".nb/names.lock" => NanoBanana.Storage.FolderLock.Naming(folder.Folder),
                ".nb/batch.lock" => BatchLock.Take(folder.Folder, null),
                _ => BatchLock.Take(folder.Folder, new Shard(1, 2)),
            };
        });
        Assert.Equal("Nb.File.Unwritable", error.ErrorId);
        Assert.Contains("It is a pipe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_download_is_stopped_by_its_size()
    {
        await using var server = new EndlessServer(pieces: _ => new byte[1 << 20], wait: TimeSpan.Zero);
        NbException error = await Assert.ThrowsAsync<NbException>(() =>
            ImageAddress.FetchAsync(server.Address, CancellationToken.None));
        Assert.Contains("larger than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_stalls_is_stopped_by_its_time_limit()
    {
        await using var server = new EndlessServer(pieces: _ => [0x20], wait: TimeSpan.FromMilliseconds(50));
        NbException error = await Assert.ThrowsAsync<NbException>(() =>
            ImageAddress.FetchAsync(server.Address, TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Contains("takes longer than 1 s", error.Message, StringComparison.Ordinal);
    }

    private string Pipe(string path)
    {
        path = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }

    /// <summary>A web server whose one answer has no end.</summary>
    private sealed class EndlessServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _serving;

        public EndlessServer(Func<int, byte[]> pieces, TimeSpan wait)
        {
            _listener.Start();
            _serving = ServeAsync(pieces, wait);
        }

        public string Address => $"http://{_listener.LocalEndpoint}/picture.png";

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _serving;
            _end.Dispose();
        }

        private async Task ServeAsync(Func<int, byte[]> pieces, TimeSpan wait)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                NetworkStream stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: _end.Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"),
                    _end.Token);
                for (int i = 0; ; i++)
                {
                    await stream.WriteAsync(pieces(i), _end.Token);
                    await Task.Delay(wait, _end.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client has had enough.
            }
        }
    }
}
