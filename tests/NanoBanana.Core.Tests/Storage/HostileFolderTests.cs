using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>Folders from somebody else: whatever lies in them, what lies beside them stays as it is and is shown to
/// nobody.</summary>
public sealed class HostileFolderTests
{
    private static readonly Dictionary<string, Action<HostileFolder>> Links = new()
    {
        ["ledger.jsonl is the user's own file"] = f => f.Link("ledger.jsonl", f.Victim("bashrc")),
        ["ledger.jsonl would be a new file"] = f => f.Link("ledger.jsonl", f.Victim("new")),
        ["a relative link"] = f => f.Link("ledger.jsonl", "../outside/bashrc"),
        ["a shard's ledger"] = f => f.Link("ledger-1-of-2.jsonl", f.Victim("package.jsonl")),
        ["batch.json"] = f => f.Link("batch.json", f.Victim("package.json")),
        ["report.html"] = f => f.Link("report.html", f.Victim("bashrc")),
        ["the store"] = f => f.Link(".nb", f.Victim("empty")),
        ["the blobs"] = f => f.Link(".nb/blobs", f.Victim("empty")),
        ["the temporary files"] = f => f.Link(".nb/tmp", f.Outside),
        ["the jobs"] = f => f.Link(".nb/jobs", f.Outside),
        ["the replaced pictures"] = f => f.Link(".nb/replaced", f.Victim("empty")),
        ["the sources"] = f => f.Link(".nb/sources", f.Victim("empty")),
        ["the answers"] = f => f.Link(".nb/answers", f.Victim("empty")),
        ["the batch's lock"] = f => f.Link(".nb/batch.lock", f.Victim("bashrc")),
        ["a lock that would be a new file"] = f => f.Link(".nb/batch.lock", f.Victim("new.lock")),
        ["the store's lock"] = f => f.Link(".nb/store.lock", f.Victim("new.lock")),
        ["the names' lock"] = f => f.Link(".nb/names.lock", f.Victim("new.lock")),
        ["the sign to stop"] = f => f.Link(".nb/batch.stop", f.Victim("bashrc")),
        ["a job"] = f => f.Link(".nb/jobs/package.json", f.Victim("package.json")),
        ["every folder of blobs"] = f =>
        {
            foreach (string folder in Directory.GetDirectories(f[".nb/blobs"]))
            {
                f.Link(Path.GetRelativePath(f.Folder, folder), f.Victim("empty"));
            }
        },
        ["every blob"] = f =>
        {
            foreach (string blob in Directory.GetFiles(f[".nb/blobs"], "*", SearchOption.AllDirectories))
            {
                f.Link(Path.GetRelativePath(f.Folder, blob), f.Victim("secret.png"));
            }
        },
        ["a picture of an item"] = f => f.Link("one.jpg", f.Victim("secret.png")),
        ["a sidecar"] = f => f.Link("one.jpg.nb.json", f.Victim("package.json")),
        ["a folder of pictures"] = f => f.Link("sub", f.Victim("empty")),
        ["a folder by way of another link"] = f =>
        {
            f.Link("way", "../outside");
            f.Link("sub", "way/empty");
        },
        ["a step up out of a link"] = f =>
        {
            Directory.CreateDirectory(f["a/b"]);
            f.Link("into", "a/b");
            f.Link("sub", "into/../../../outside/empty");
        },
        ["links in a circle"] = f =>
        {
            f.Link("sub", "sub2");
            f.Link("sub2", "sub");
        },
        ["the pictures of anchors"] = f => f.Link("pictures", f.Victim("empty")),
        ["an anchor"] = f => f.Link("kael.anchor.json", f.Victim("package.json")),
        ["a picture of an anchor"] = f =>
            f.Link(Path.GetRelativePath(f.Folder, Directory.GetFiles(f["pictures"])[0]), f.Victim("secret.png")),
        ["the record of judgings"] = f => f.Link(".nb/judgings.jsonl", f.Victim("bashrc")),
        ["a record of judgings that would be a new file"] = f => f.Link(".nb/judgings.jsonl", f.Victim("new")),
        ["what was said of pictures"] = f => f.Link("review.json", f.Victim("package.json")),
        ["the review page"] = f => f.Link("report.html", f.Victim("new")),
        ["a template"] = f => f.Link("templates/mine.json", f.Victim("package.json")),
        ["the templates"] = f => f.Link("templates", f.Outside),
        ["the catalog"] = f => f.Link("catalog.json", f.Victim("package.json")),
        ["a staged answer"] = f => f.Link(".nb/tmp/received-" + new string('a', 64), f.Victim("secret.png")),
        ["a staged sidecar"] = f => f.Link($".nb/tmp/received-{new string('a', 64)}.nb.json", f.Victim("package.json")),
    };

    private static readonly Dictionary<string, Action<HostileFolder>> Names = new()
    {
        ["a saved file one step up"] = f => f.MoveSaved("one", "../outside/secret.png"),
        ["a saved file after a step down"] = f => f.MoveSaved("one", "sub/../../outside/secret.png"),
        ["a saved file at the root"] = f => f.MoveSaved("one", f.Victim("secret.png")),
        ["a saved file with backslashes"] = f => f.MoveSaved("one", "..\\outside\\secret.png"),
        ["a saved file on a drive"] = f => f.MoveSaved("one", "C:secret.png"),
        ["a saved file with a zero"] = f => f.MoveSaved("one", "one\0.jpg"),
        ["a saved file without a name"] = f => f.MoveSaved("one", ""),
        ["a saved file that is the folder"] = f => f.MoveSaved("one", "."),
        ["an item that is a command"] = f =>
            f.AddLine(new LedgerEvent { Kind = LedgerEventKind.Submitted, Item = "\n$(touch ../outside/new)\n" }),
        ["a job's id one step up"] = f => Job(f, "../../../outside/package"),
        ["a job's id at the root"] = f => Job(f, f.Victim("package")),
        ["a job's id with backslashes"] = f => Job(f, "..\\\\..\\\\..\\\\outside\\\\package"),
        ["a job's id with a zero"] = f => Job(f, "a\\u0000b"),
        ["a job's name at the service"] = f => Job(f, "package", name: "../../files/1"),
        ["a job's input"] = f => Job(f, "package", input: "files/../../1"),
        ["a picture's hash in a sidecar"] = f => BendHash(f, "../../../outside/secret.png"),
        ["a hash of another length"] = f => BendHash(f, "ab"),
        ["a hash in capitals"] = f => BendHash(f, new string('A', 64)),
        ["an anchor's hash"] = f => BendAnchor(f, "../../outside/secret"),
        ["an anchor's hash at the root"] = f => BendAnchor(f, f.Victim("secret")),
        ["a reference of the folder's own manifest"] = f => f.Write("batch.json", Referring("../outside/secret.png")),
        ["a reference of it at the root"] = f => f.Write("batch.json", Referring(f.Victim("secret.png"))),
        ["a reference of it with another hash"] = f => f.Write("batch.json",
            """{"$batch":1,"items":[{"name":"new","prompt":"new","references":[{"path":"../outside/secret.png","sha256":"00"}]}]}"""),
        ["a source of it"] = f =>
            f.Write("batch.json",
            """{"$batch":1,"items":[{"name":"new","from":"../outside/secret.png","edit":"new"}]}"""),
        ["a template's name and text"] = f => f.Write("templates/mine.json",
            """{"name":"../../outside/new","kind":"edit","description":"d","text":["@../outside/secret.png {../outside/bashrc}"]}"""),
        ["a template without end"] = f => f.Write("templates/deep.json", new string('[', 100_000)),
        ["a catalog with names that lead out"] = f => f.Write("catalog.json",
            """{"models":[{"id":"../../outside/new","name":"\u001b[2J","aliases":["../outside/bashrc"],"pixels":"../outside/package.json"}]}"""),
        ["a catalog of another form"] = f => f.Write("catalog.json", """{"models":{"id":1e400},"pixels":[[[]]]}"""),
        ["a review of a picture with a script for its name"] = f => f.AddLine(new LedgerEvent
        {
            Kind = LedgerEventKind.Saved, Item = "<script>fetch('file:///etc/passwd')</script>", File = "one.jpg",
        }),
        ["a review of a picture elsewhere"] = f => f.AddLine(new LedgerEvent
        {
            Kind = LedgerEventKind.Saved, Item = "spy", File = "../outside/secret.png",
        }),
        ["a table of texts of it"] = f =>
        {
            File.WriteAllText(Path.Combine(f.Outside, "texts.csv"), "key,en\nhead,my secret\n");
            f.Write("batch.json",
                """{"$batch":1,"localize":{"from":["one"],"text":"../outside/texts.csv"},"items":[{"name":"one","prompt":"one"}]}""");
        },
        ["amounts of money that overflow a sum, and below 0"] = f =>
        {
            foreach (decimal cost in (decimal[])[decimal.MaxValue, decimal.MaxValue, decimal.MinValue])
            {
                f.AddLine(new LedgerEvent
                {
                    Kind = LedgerEventKind.Received, Item = "one", Cost = cost, Estimate = cost, Model = "m",
                    Thinking = "high", Thoughts = long.MaxValue,
                });
            }
            f.Write(".nb/judgings.jsonl", string.Concat(Enumerable.Repeat(
                """
                {"at":"2026-01-01T00:00:00.0000000+00:00","sha256":"00","model":"m","cost":7e28}

                """, 2)));
        },
        ["an anchor of it"] = f => f.Write("batch.json",
            """{"$batch":1,"anchors":[{"name":"spy","path":"../outside/secret.png"}],"items":[{"name":"new","prompt":"new","anchors":["spy"]}]}"""),
    };

    private static readonly string[] OutFiles =
    [
        ".", "..", "./", "./.", "../new", "../outside/bashrc", "sub/../../new", "sub/.", "sub/..", "/new",
            "//server/share/new", "C:/new", "C:new",
        "C:\\\\new", "..\\\\new", "sub\\\\..\\\\..\\\\new", "\\\\\\\\server\\\\share\\\\new", ".jpg", "..jpg", "...jpg",
            "sub/.jpg", "sub/...png", "con", "nul.jpg",
        "sub/com1.png", "lpt\u00B9.png", ".nb/tmp/new", ".NB/new", "sub/.nb/new", "a\\u0000b", "new.", "new ", "a:b", "\\ud800",
    ];

    public static TheoryData<string> LinkAttacks => [.. Links.Keys.Where(_ => !OperatingSystem.IsWindows())];

    public static TheoryData<string> NameAttacks => [.. Names.Keys];

    public static TheoryData<string> OutFileAttacks => [.. OutFiles];

    [Theory]
    [MemberData(nameof(LinkAttacks))]
    public Task A_link_out_of_a_folder_is_not_followed(string attack) => AttackAsync(Links[attack]);

    [Theory]
    [MemberData(nameof(NameAttacks))]
    public Task A_name_in_a_file_cannot_lead_out_of_the_folder(string attack) => AttackAsync(Names[attack]);

    [Theory]
    [MemberData(nameof(OutFileAttacks))]
    public async Task A_manifest_does_not_write_outside(string outFile)
    {
        string manifest = $$"""{"items":[{"name":"new","prompt":"new","outFile":"{{outFile}}"}]}""";
        IReadOnlyList<NbException> errors = await AttackAsync(f => f.Write("theirs.json", manifest), manifest);
        Assert.Contains(errors, error =>
            error.ErrorId is "Nb.Manifest.PathEscapes" or "Nb.Manifest.InvalidName" or "Nb.Manifest.InvalidJson");
    }

    [Fact]
    public async Task A_reference_beside_a_manifest_must_not_be_a_link_to_another_folder()
    {
        if (OperatingSystem.IsWindows()) return;
        string manifest = Referring("harmless.png");
        IReadOnlyList<NbException> errors = await AttackAsync(
            f =>
            {
                f.Link("harmless.png", f.Victim("secret.png"));
                f.Write("theirs.json", manifest);
            }, manifest);
        Assert.Contains(errors, error => error.Message.Contains("leads outside", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folders_own_manifest_reads_no_table_of_texts_outside()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["theirs"]);
        File.WriteAllText(folder["texts.csv"], "key,en\nhead,my secret\n");
        const string Text = """
            {"items":[{"name":"one","prompt":"one"}],"localize":{"from":["one"],"text":"../texts.csv"}}
            """;
        File.WriteAllText(folder["theirs/batch.json"], Text);
        NbException error = Assert.Throws<NbException>(() => Batch.Read(folder["theirs"]));
        Assert.Contains("leads outside", error.Message, StringComparison.Ordinal);
        // One that a person names may.
        File.WriteAllText(folder["theirs/mine.json"], Text);
        Assert.Equal(2, NanoBanana.Batches.Manifests.Manifest.Load(folder["theirs/mine.json"]).Items.Length);
    }

    [Fact]
    public void There_are_at_least_forty_attacks() =>
        Assert.InRange(Links.Count + Names.Count + OutFiles.Length, 40, int.MaxValue);

    [Fact]
    public void A_link_that_stays_inside_is_followed()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a/b"]);
        File.CreateSymbolicLink(folder["sub"], "a/b");
        Assert.Equal(folder["sub/x.jpg"], Inside.Find(folder.Path, "sub/x.jpg"));
        // The folder itself may be reached by a link.
        File.CreateSymbolicLink(folder["door"], folder["a"]);
        Assert.False(Inside.LeadsOut(folder["door"], folder["door/b/x.jpg"]));
    }

    private static async Task<IReadOnlyList<NbException>> AttackAsync(Action<HostileFolder> plant,
        string? manifest = null)
    {
        using HostileFolder folder = await HostileFolder.MakeAsync();
        plant(folder);
        IReadOnlyList<string> before = folder.Watched();
        IReadOnlyList<NbException> errors = await folder.UseAsync(manifest);
        Assert.Equal(before, folder.Watched());
        Assert.False(folder.WasSent(folder.Victim("secret.png")));
        return errors;
    }

    private static void Job(HostileFolder folder, string id, string name = "batches/1", string input = "files/1") =>
        folder.Write(".nb/jobs/package.json",
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","name":"{{name}}","model":"m","input":"{{input}}","createdAt":"2020-01-01T00:00:00+00:00","items":[{"name":"one","key":"k","fingerprint":"f"}]}"""));

    private static void BendHash(HostileFolder folder, string hash) =>
        folder.Bend("one.jpg.nb.json", Blob.FromFile(folder["one.jpg"]).Sha256, hash);

    private static void BendAnchor(HostileFolder folder, string hash) =>
        folder.Bend("kael.anchor.json", Path.GetFileNameWithoutExtension(Directory.GetFiles(folder["pictures"])[0]),
            hash);

    private static string Referring(string path) =>
        $$"""{"$batch":1,"items":[{"name":"new","prompt":"new","references":["{{path}}"]}]}""";
}
