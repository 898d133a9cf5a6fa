using System.Text.Json.Nodes;
using NanoBanana.Conversations;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Images;

public sealed class ImageFileTests
{
    [Fact]
    public async Task A_saved_image_is_read_and_its_conversation_continues_in_another_folder()
    {
        using var here = new TemporaryFolder();
        using var there = new TemporaryFolder();
        NbImage scarf;
        using (var fixture = new EmulatorFixture())
        {
            NbImage fox = await fixture.DrawAsync("a fox in the snow");
            scarf = ImageFile.SaveIn(await fixture.EditAsync(fox, "add a red scarf"), here.Path);
        }
        CopyFolder(here.Path, there.Path);
        Directory.Delete(here[".nb"], recursive: true);

        NbImage back = ImageFile.Import(Path.Combine(there.Path, "add-a-red-scarf.jpg"));
        using var other = new EmulatorFixture();
        NbImage night = await other.EditAsync(back, "make it night");

        Assert.Equal(scarf.Sha256, back.Sha256);
        Assert.Equal(scarf.Cost, back.Cost);
        Assert.Equal(scarf.Usage, back.Usage);
        Assert.Equal(scarf.CreatedAt, back.CreatedAt);
        Assert.Equal(scarf.RequestHash, back.RequestHash);
        Assert.Equal(6, night.Conversation!.Turns.Length);
        // The emulator checks every signature: it has accepted them all.
        Assert.Equal(1, other.Emulator.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task A_picture_renamed_without_its_sidecar_keeps_its_conversation()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.Save(await fixture.DrawAsync("a fox"), folder["fox.jpg"]);
        NbImage owl = ImageFile.Save(await fixture.DrawAsync("an owl"), folder["owl.jpg"]);
        File.Move(fox.Path!, folder["hero.jpg"]);
        File.Move(owl.Path!, folder["extra.jpg"]);

        NbImage back = ImageFile.Import(folder["hero.jpg"]);

        Assert.Equal("a fox", back.Prompt);
        Assert.Equal(4, (await fixture.EditAsync(back, "a hat")).Conversation!.Turns.Length);
        // Whose sidecar lies beside a picture of its own, it is not a stranger's.
        File.Copy(folder["hero.jpg"], fox.Path!);
        Assert.Null(ImageFile.Import(folder["hero.jpg"]).Conversation);
    }

    [Fact]
    public async Task Bytes_are_saved_unchanged_with_the_extension_of_their_format()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage png = Assert.Single(await fixture.SendAsync(new ImageRequest { Prompt = "a fox", Model = "nb" }));
        NbImage saved = ImageFile.Save(png, folder["fox.jpg"]);
        Assert.Equal(folder["fox.png"], saved.Path);
        Assert.Equal(png.GetBytes(), File.ReadAllBytes(saved.Path!));
    }

    [Fact]
    public async Task A_taken_name_is_numbered_unless_forced()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = await fixture.DrawAsync("a fox");
        NbImage owl = await fixture.DrawAsync("an owl");
        ImageFile.Save(fox, folder["x.jpg"]);
        Assert.Equal(folder["x-2.jpg"], ImageFile.Save(owl, folder["x.jpg"]).Path);
        Assert.Equal(folder["x.jpg"], ImageFile.Save(owl, folder["x.jpg"], force: true).Path);
        Assert.Equal("an owl", ImageFile.Import(folder["x.jpg"]).Prompt);
    }

    [Fact]
    public async Task Force_replaces_older_files_but_never_those_of_the_same_command()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage old = ImageFile.Save(await fixture.DrawAsync("an old one"), folder["x.jpg"]);
        NbImage fox = await fixture.DrawAsync("a fox");
        NbImage owl = await fixture.DrawAsync("an owl");

        var own = new SaveSession();
        ImageFile.Save(fox, folder["x.jpg"], force: true, own);
        Assert.Equal(folder["x-2.jpg"], ImageFile.Save(owl, folder["x.jpg"], force: true, own).Path);

        Assert.Equal("a fox", ImageFile.Import(old.Path!).Prompt);
        Assert.Equal("an owl", ImageFile.Import(folder["x-2.jpg"]).Prompt);
    }

    [Fact]
    public async Task A_path_that_ends_in_a_separator_is_refused_as_a_file()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = await fixture.DrawAsync("a fox");

        Assert.Equal("Nb.File.NotAFilePath",
            Assert.Throws<NbException>(() => ImageFile.Save(fox, folder["new/"])).ErrorId);
        Assert.Equal("Nb.File.NotAFilePath", Assert.Throws<NbException>(Place(folder["new/"], null).Check).ErrorId);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_reported_before_sending()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "no folder");
        string nearlyTooLong = new string('n', 245) + ".jpg";

        Assert.Equal("Nb.File.Unwritable", Assert.Throws<NbException>(Place(null, folder["file"]).Check).ErrorId);
        // The picture's name would do; its sidecar's would not.
        Assert.Equal("Nb.File.Unwritable",
            Assert.Throws<NbException>(Place(folder[nearlyTooLong], null).Check).ErrorId);

        Place(folder["shots/fox.jpg"], null).Check();
        Assert.Empty(Directory.GetFiles(folder.Path, "*fox*", SearchOption.AllDirectories));
        using var fixture = new EmulatorFixture();
        Assert.Equal(folder["shots/fox.jpg"],
            Place(folder["shots/fox.jpg"], null).Save(await fixture.DrawAsync("a fox")).Path);
    }

    private static async Task<Outcome> EndAsync(ImageEngine engine)
    {
        while (true)
        {
            if ((await engine.NextAsync())!.Outcome is { } outcome) return outcome;
        }
    }

    [Fact]
    public async Task An_image_is_saved_even_when_the_caller_has_stopped()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        await using var engine =
            new ImageEngine(fixture.Service, new EngineOptions { ThrottleLimit = 2 }, CancellationToken.None);
        SaveTarget place = Place(null, folder.Path);
        engine.Add(new SingleOrder(fixture.Service.Prepare(new ImageRequest { Prompt = "a fox" }), place));
        engine.Add(new SingleOrder(fixture.Service.Prepare(new ImageRequest { Prompt = "an owl" }), place));

        // Who takes one need not take the other.
        NbImage taken = Assert.Single((await EndAsync(engine)).Images);
        Assert.True(File.Exists(taken.Path));
        NbImage other = Assert.Single((await EndAsync(engine)).Images);
        Assert.Equal(other.Prompt, ImageFile.Import(other.Path!).Prompt);
    }

    [Fact]
    public async Task An_image_that_cannot_be_saved_is_emitted_anyway()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        await using var engine = new ImageEngine(fixture.Service, new EngineOptions(), CancellationToken.None);
        engine.Add(new SingleOrder(fixture.Service.Prepare(new ImageRequest { Prompt = "an unsaved lynx" }),
            Place(folder["new/"], null)));

        Outcome outcome = await EndAsync(engine);

        NbException refusal = Assert.Single(outcome.Unsaved);
        NbImage image = Assert.Single(outcome.Images);
        Assert.Equal("Nb.File.NotAFilePath", refusal.ErrorId);
        // It was paid for: it lies somewhere, with its conversation.
        string rescued = Path.Combine(UserFolders.Rescued, "an-unsaved-lynx.jpg");
        Assert.Contains($"saved as '{rescued}'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(image.GetBytes(), ImageFile.Import(rescued).GetBytes());
        Assert.Equal(2, ImageFile.Import(rescued).Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_rescued_image_does_not_use_the_name_that_failed()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        await using var engine = new ImageEngine(fixture.Service, new EngineOptions(), CancellationToken.None);
        engine.Add(new SingleOrder(fixture.Service.Prepare(new ImageRequest { Prompt = "a goose" }),
            Place(folder[new string('x', 300) + ".jpg"], null)));
        NbException refusal = Assert.Single((await EndAsync(engine)).Unsaved);
        Assert.Contains($"saved as '{Path.Combine(UserFolders.Rescued, "a-goose.jpg")}'", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_image_could_not_be_saved_no_more_are_paid_for()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        File.WriteAllText(folder["file"], "no folder");
        SaveTarget place = Place(null, folder["file"]);
        NbImage fox = await fixture.DrawAsync("a fox");
        Assert.Equal("Nb.File.Unwritable", Assert.Throws<NbException>(() => place.Save(fox)).ErrorId);
        File.Delete(folder["file"]);

        NbException refusal = Assert.Throws<NbException>(place.Check);

        Assert.Equal("Nb.File.Unwritable", refusal.ErrorId);
        Assert.StartsWith("Not sent", refusal.Message, StringComparison.Ordinal);
        // What is only kept in memory needs no room.
        (place with { Folder = null }).Check();
        Place(null, folder["file"]).Check();
    }

    [Fact]
    public async Task A_link_to_a_picture_gives_its_target_with_its_conversation()
    {
        // Links are a privilege there.
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path);
        File.CreateSymbolicLink(elsewhere["link.jpg"], fox.Path!);

        NbImage back = ImageFile.Import(elsewhere["link.jpg"]);

        Assert.Equal(fox.Length, back.Length);
        Assert.Equal(fox.GetBytes(), back.GetBytes());
        Assert.Equal(4, (await fixture.EditAsync(back, "make it night")).Conversation!.Turns.Length);
        File.Delete(fox.Path!);
        Assert.Equal("Nb.File.NotFound",
            Assert.Throws<NbException>(() => ImageFile.Import(elsewhere["link.jpg"])).ErrorId);
    }

    [Fact]
    public async Task A_changed_picture_is_not_kept_under_the_hash_of_the_old_one()
    {
        using var folder = new TemporaryFolder();
        using var copy = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path);
        File.WriteAllBytes(fox.Path!, (await fixture.DrawAsync("an owl")).GetBytes());
        NbImage back = ImageFile.Import(fox.Path!);

        Assert.Equal("Nb.Blob.Damaged", Assert.Throws<NbException>(() => ImageFile.SaveIn(back, copy.Path)).ErrorId);

        var store = new BlobStore(copy.Path);
        Assert.All(store.Hashes, hash => store.Get(hash).Verify());
        Assert.Empty(ImageFile.List(copy.Path));
    }

    [Fact]
    public async Task A_reference_that_changed_since_it_was_read_is_not_sent()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        string path = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path).Path!;
        Picture picture = Picture.FromFile(path);
        Assert.NotEmpty(picture.Sha256);
        File.WriteAllBytes(path, (await fixture.DrawAsync("an owl with a longer name", null)).GetBytes());
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));

        NbException e = Assert.Throws<NbException>(
            () => fixture.Service.Prepare(
                new ImageRequest { Prompt = "again", References = [new Reference(picture)] }));

        Assert.Equal("Nb.File.Changed", e.ErrorId);
    }

    [Fact]
    public async Task A_flipped_byte_of_a_signature_is_found_before_anything_is_sent_and_a_rebase_helps()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path);
        string signature = new BlobStore(folder.Path).PathOf(SignatureOf(fox).Sha256);
        byte[] bytes = File.ReadAllBytes(signature);
        bytes[^1] ^= 1;
        File.WriteAllBytes(signature, bytes);

        NbImage back = ImageFile.Import(fox.Path!);
        NbException e = await Assert.ThrowsAsync<NbException>(() => fixture.EditAsync(back, "make it night"));

        Assert.Equal("Nb.Blob.Damaged", e.ErrorId);
        Assert.Contains("{option:rebase}", e.Advice);
        Assert.Equal(1, fixture.Emulator.Statistics.BilledGenerations);
        NbImage night = await fixture.EditAsync(back, "make it night", rebase: true);
        Assert.Equal(2, night.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_missing_blob_is_named_and_a_rebase_helps()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path);
        string signature = new BlobStore(folder.Path).PathOf(SignatureOf(fox).Sha256);
        File.Delete(signature);

        NbException e =
            await Assert.ThrowsAsync<NbException>(() =>
            fixture.EditAsync(ImageFile.Import(fox.Path!), "make it night"));

        Assert.Equal("Nb.Blob.Missing", e.ErrorId);
        Assert.Contains(signature, e.Message);
        Assert.NotNull(await fixture.EditAsync(ImageFile.Import(fox.Path!), "make it night", rebase: true));
    }

    [Fact]
    public async Task A_manually_changed_picture_cannot_be_continued_but_can_be_rebased()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path);
        File.WriteAllBytes(fox.Path!, (await fixture.DrawAsync("an owl")).GetBytes());

        NbImage back = ImageFile.Import(fox.Path!);
        NbException e = await Assert.ThrowsAsync<NbException>(() => fixture.EditAsync(back, "make it night"));

        Assert.Equal("Nb.Blob.Damaged", e.ErrorId);
        Assert.NotNull(await fixture.EditAsync(back, "make it night", rebase: true));
    }

    [Fact]
    public async Task An_answer_written_directly_to_a_folder_leaves_only_needed_files()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture(new Emulator.Settings.EmulatorOptions { SignatureLength = 100_000 });
        var store = new BlobStore(folder.Path);
        NbImage fox = await fixture.DrawAsync("a fox", BlobSink.Files(store));
        NbImage saved = ImageFile.SaveIn(fox, folder.Path);

        Assert.Empty(Directory.GetFiles(folder[".nb/tmp"]));
        // Signatures only: the picture itself lies beside its sidecar.
        Assert.All(saved.Conversation!.Turns[1].Parts, part =>
            Assert.True(part.Signature is null || File.Exists(store.PathOf(part.Signature.Sha256))));
        Assert.False(File.Exists(store.PathOf(saved.Sha256)));
        Assert.NotNull(await fixture.EditAsync(saved, "make it night"));
    }

    [Fact]
    public async Task A_folder_that_cannot_hold_a_lock_is_an_error_at_once()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = await fixture.DrawAsync("a fox");
        File.WriteAllText(folder[".nb"], "a file where the folder should be");

        Assert.Equal("Nb.File.Unwritable",
            Assert.Throws<NbException>(() => ImageFile.SaveIn(fox, folder.Path)).ErrorId);
    }

    [Fact]
    public void A_file_without_a_sidecar_is_a_foreign_image()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.png"],
            Convert.FromHexString("89504E470D0A1A0A0000000D4948445200000560000003000802000000"));
        NbImage image = ImageFile.Import(folder["x.png"]);
        Assert.Null(image.Conversation);
        Assert.Null(image.Prompt);
        Assert.Equal((1376, 768), (image.Width, image.Height));
    }

    [Theory]
    [InlineData("{", "Nb.Sidecar.Invalid")]
    [InlineData("{}", "Nb.Sidecar.Invalid")]
    [InlineData("""{"format":3}""", "Nb.Sidecar.NewerVersion")]
    [InlineData("""{"format":99}""", "Nb.Sidecar.NewerVersion")]
    [InlineData("""{"format":1,"image":{"sha256":7}}""", "Nb.Sidecar.Invalid")]
    public void A_sidecar_that_cannot_be_read_is_named(string json, string id)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.png"],
            Convert.FromHexString("89504E470D0A1A0A0000000D4948445200000560000003000802000000"));
        File.WriteAllText(folder["x.png.nb.json"], json);
        Assert.Equal(id, Assert.Throws<NbException>(() => ImageFile.Import(folder["x.png"])).ErrorId);
    }

    [Fact]
    public void An_unknown_role_of_a_later_version_is_read_as_the_general_role()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.png"],
            Convert.FromHexString("89504E470D0A1A0A0000000D4948445200000560000003000802000000"));
        string hash = new string('a', 64);
        File.WriteAllText(folder["x.png.nb.json"],
            $$$"""{"format":1,"image":{"sha256":"{{{hash}}}"},"references":[{"role":"99","sha256":"{{{hash}}}","mimeType":"image/png"}]}""");

        Assert.Equal(ReferenceRole.Image, Assert.Single(ImageFile.Import(folder["x.png"]).References).Role);
    }

    [Fact]
    public async Task A_sidecar_holds_no_bytes_of_images_or_signatures()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage saved = ImageFile.SaveIn(await fixture.DrawAsync("a fox"), folder.Path);
        string text = File.ReadAllText(saved.Path + ".nb.json");
        Assert.InRange(text.Length, 1, 10_000);
        Assert.Equal("a fox",
            (string?)JsonNode.Parse(text)!["conversation"]!["turns"]![1]!["provenance"]!["prompt"]);
    }

    [Theory]
    [InlineData("A Fox, in the SNOW!", "a-fox-in-the-snow")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("눈 속의 여우", "눈-속의-여우")]
    [InlineData("con", "con-image")]
    [InlineData("LPT1", "lpt1-image")]
    public void File_names_are_made_from_the_prompt(string prompt, string stem) =>
        Assert.Equal(stem,
            ImageFile.StemFor(
            new NbImage
            {
                Data = Blob.FromBytes(new byte[1]),
                Format = PictureFormat.Png,
                Provenance = new Provenance { Prompt = prompt },
            }));

    private static SaveTarget Place(string? file, string? folder) => new(file, folder, Force: false, new SaveSession());

    private static Blob SignatureOf(NbImage image) =>
        image.Conversation!.Turns[^1].Parts.OfType<ImagePart>().Single(part => !part.Thought).Signature!;

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
