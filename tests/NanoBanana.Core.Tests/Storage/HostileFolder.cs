using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Prompts;
using NanoBanana.Reports;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>A batch and an anchor library in one folder, things of the user's beside it that nothing may touch or show,
/// and everything
/// that a user may do with a folder that came from somebody else.</summary>
internal sealed class HostileFolder : IDisposable
{
    public const string Manifest = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
        {"name":"one","prompt":"one"},{"name":"two","from":"one","edit":"two"},{"name":"deep","prompt":"deep","outFile":"sub/deep.jpg"}]}
        """;

    private readonly EmulatorFixture _fixture = new();

    private HostileFolder()
    {
    }

    /// <summary>The folder that came from somebody else.</summary>
    public string Folder => _fixture.Destination;

    /// <summary>The user's own, which is watched.</summary>
    public string Outside => Path.Combine(_fixture.Folder, "outside");

    public string this[string name] => Path.Combine(Folder, name);

    public string Victim(string name) => Path.Combine(Outside, name);

    public static async Task<HostileFolder> MakeAsync()
    {
        var hostile = new HostileFolder();
        Directory.CreateDirectory(hostile.Victim("empty"));
        File.WriteAllText(hostile.Victim("bashrc"), "alias ll='ls -l'\n");
        File.WriteAllText(hostile.Victim("package.json"), "{\"name\":\"victim\"}");
        File.WriteAllText(hostile.Victim("package.jsonl"), "{\"name\":\"victim\"}\n");
        File.Move(await hostile._fixture.DrawFileAsync("secret.png", "a secret"), hostile.Victim("secret.png"));
        await hostile._fixture.RunAsync(Manifest);
        var library = new AnchorLibrary(hostile.Folder);
        library.Save(
            Anchor.Create("kael", ReferenceRole.Character, null, [Picture.FromFile(hostile.Victim("secret.png"))]));
        foreach (string file in Directory.GetFiles(Path.Combine(hostile.Folder, "pictures")))
        {
            File.WriteAllBytes(file, File.ReadAllBytes(hostile["one.jpg"]));
        }
        return hostile;
    }

    /// <summary>Puts a link in the place of whatever is there.</summary>
    public void Link(string name, string target)
    {
        string path = this[name];
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else if (File.Exists(path)) File.Delete(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
    }

    /// <summary>Adds a line with its checksum: whoever made the folder can count too.</summary>
    public void AddLine(LedgerEvent line)
    {
        using FileStream ledger = File.Open(this["ledger.jsonl"], FileMode.Append);
        ledger.Write(LedgerLine.Of(line with { At = DateTimeOffset.UtcNow }));
    }

    /// <summary>The newest line that says where the picture of an item lies, bent.</summary>
    public void MoveSaved(string item, string file)
    {
        LedgerEvent saved =
            LedgerFile.Read(this["ledger.jsonl"]).Events.Last(line =>
            line.Kind == LedgerEventKind.Saved && line.Item == item);
        AddLine(saved with { File = file });
    }

    /// <summary>Changes a text wherever it stands in a file.</summary>
    public void Bend(string name, string from, string to)
    {
        string text = File.ReadAllText(this[name]);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(this[name], text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Everything that is read, made, moved and deleted in a folder, each as if it were the first.</summary>
    /// <returns>The errors, all of them our own.</returns>
    public async Task<IReadOnlyList<NbException>> UseAsync(string? manifest)
    {
        var errors = new List<NbException>();
        await TryAsync(() => _fixture.RunAsync(null));
        await TryAsync(() =>
            _fixture.RunAsync(null, new BatchOptions { Mode = BatchMode.Batch, ResendUncertain = true, Wait = false }));
        await TryAsync(() => _fixture.RunAsync(manifest ?? Manifest, new BatchOptions { Force = true }));
        if (manifest is not null)
        {
            // As a file in the folder, so that its paths are relative to it.
            await TryAsync(async () =>
            {
                using Batch batch =
                    Batch.Open(Folder, _fixture.Service,
                    NanoBanana.Batches.Manifests.Manifest.Load(this["theirs.json"]));
                await foreach (BatchItem _ in batch.RunAsync())
                {
                }
            });
        }
        Try(() => BatchPlan.Create(Batch.Read(Folder), _fixture.Service, destination: Folder));
        Try(() => Batch.Merge(Folder));
        Try(() => Batch.AskToStop(Folder, cancelJobs: true));
        Try(() => ReportPage.Export(Folder, WordList.Empty));
        Try(() => _ = PromptLibrary.Load(this["templates"]).Templates
            .Select(template => template.Description).ToArray());
        Try(() => ModelCatalog.Load(this["catalog.json"]));
        Try(() => JudgingLog.TryAdd(
            NbImage.Foreign(Blob.FromFile(this["one.jpg"]), this["one.jpg"]), _fixture.Service.Judge(), cost: 0.1m));
        Try(() => Review.Add(Folder, Review.Parse(
            """{"$review":1,"items":{"one":{"sha256":"00","decision":"approved"}}}"""u8.ToArray(), "theirs")));
        Try(() => CostReport.Read([Folder]));
        var library = new AnchorLibrary(Folder);
        foreach (string name in library.Names) Try(() => library.Find(name)?.Pictures[0].Data.ToArray());
        Try(() => library.Save(
            Anchor.Create("mia", ReferenceRole.Character, null, [Picture.FromFile(Victim("secret.png"))])));
        Try(() => library.Remove("mia"));
        Try(() => library.Remove("kael"));
        foreach (string picture in ImageFile.List(Folder)) Try(() => ImageHistory.Of(ImageFile.Import(picture)));
        Try(() => ImageFile.Save(ImageFile.Import(Victim("secret.png")), this["one.jpg"], force: true));
        Try(() =>
        {
            foreach (StoredBlob blob in BlobInventory.Of(Folder).Where(blob => blob.IsOrphan))
            {
                BlobInventory.Remove(blob);
            }
        });
        return errors;

        void Try(Action use)
        {
            try
            {
                use();
            }
            catch (NbException e)
            {
                errors.Add(e);
            }
        }

        async Task TryAsync(Func<Task> use)
        {
            try
            {
                await use();
            }
            catch (NbException e)
            {
                errors.Add(e);
            }
        }
    }

    /// <summary>All that lies beside the folder, with content and time.</summary>
    public IReadOnlyList<string> Watched() =>
    [
        .. Directory.EnumerateFileSystemEntries(_fixture.Folder, "*", SearchOption.TopDirectoryOnly)
            .Where(path => path != Folder && Path.GetFileName(path) != "manifest.json")
            .Concat(Directory.EnumerateFileSystemEntries(Outside, "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(path => File.Exists(path)
                ? $"{path} {Blob.FromFile(path).Sha256} {File.GetLastWriteTimeUtc(path):O}"
                : $"{path} {new DirectoryInfo(path).LinkTarget}"),
    ];

    /// <summary>Whether bytes of a file were sent to the service.</summary>
    public bool WasSent(string path)
    {
        string start = Convert.ToBase64String(File.ReadAllBytes(path).AsSpan(0, 300));
        string mark = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
        return _fixture.Emulator.Journal.Entries.Any(entry => entry.Body is { } body
            && (body.Contains(start, StringComparison.Ordinal)
            || body.Contains(mark, StringComparison.OrdinalIgnoreCase)));
    }

    public void Dispose() => _fixture.Dispose();
}
