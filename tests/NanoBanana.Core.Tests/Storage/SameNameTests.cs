using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>A name in composed letters and one in decomposed letters mean one file, in every folder.</summary>
public sealed class SameNameTests
{
    private const string Composed = "caf\u00e9 \u304c\ud55c \u1ed9";
    private const string Decomposed = "cafe\u0301 \u304b\u3099\u1112\u1161\u11ab o\u0323\u0302";

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData("\u1ed9", "o\u0302\u0323")]
    [InlineData("\u00c5", "\u212b")]
    [InlineData("\u01d5 \ud7a3 \u0958", "\u00dc\u0304 \u1112\u1175\u11c2 \u0915\u093c")]
    [InlineData("\U0001D15E \ud800 fox", "\U0001D157\U0001D165 \ud800 fox")]
    public void Both_Unicode_forms_of_a_text_are_equal(string one, string other)
    {
        Assert.Equal(CanonicalForm.Decomposed(one), CanonicalForm.Decomposed(other));
        Assert.Equal(CanonicalForm.Composed(one), CanonicalForm.Composed(other));
    }

    [Fact]
    public void The_forms_are_those_of_Unicode()
    {
        Assert.Equal(Composed, CanonicalForm.Composed(Decomposed));
        Assert.Equal(Decomposed, CanonicalForm.Decomposed(Composed));
        // Nothing composes to it.
        Assert.Equal("\u0915\u093c", CanonicalForm.Composed("\u0958"));
        Assert.Equal("\u00e9x", CanonicalForm.Composed("e\u0301x"));
        Assert.Equal("a\u0323\u0301b", CanonicalForm.Decomposed("a\u0301\u0323b"));
        // A mark between them keeps two apart.
        Assert.Equal("a\u0305\u0301", CanonicalForm.Composed("a\u0305\u0301"));
    }

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public async Task A_batch_finds_files_named_in_the_other_Unicode_form(string named, string onDisk)
    {
        using var fixture = new EmulatorFixture();
        string manifest = $$"""{"items":[{"name":"{{named}}","prompt":"p"}]}""";
        (BatchSummary summary, _) = await fixture.RunAsync(manifest);
        Assert.Equal(1, summary.Made);
        Rename(fixture.Destination, named, onDisk);

        Assert.Equal(BatchItemState.UpToDate, fixture.StateOf(named, manifest));
        (summary, _) = await fixture.RunAsync(manifest);
        Assert.Equal((1, 1), (summary.UpToDate, fixture.Billed));
        // And a manifest that writes it in that form means the same item.
        NbImage image = ImageFile.Import(Path.Combine(fixture.Destination, named + ".jpg"));
        Assert.NotNull(image.Conversation);
    }

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public async Task A_picture_is_read_and_its_name_is_taken_in_both_Unicode_forms(string named, string onDisk)
    {
        using var fixture = new EmulatorFixture();
        string drawn = await fixture.DrawFileAsync($"{onDisk}.jpg", "a fox");
        string asked = Path.Combine(fixture.Folder, $"{named}.jpg");

        Assert.Equal(drawn, ImageFile.Import(asked).Path);
        Assert.Equal(Blob.FromFile(drawn).Sha256, Picture.FromFile(asked).Sha256);
        NbImage saved = ImageFile.Save(NbImage.Foreign(Blob.FromFile(drawn)), asked);
        Assert.Equal($"{named}-2.jpg", Path.GetFileName(saved.Path));
        string manifest = $$"""{"items":[{"name":"a","prompt":"p","references":["{{named}}.jpg"]}]}""";
        (BatchSummary summary, _) = await fixture.RunAsync(manifest);
        Assert.Equal(1, summary.Made);
    }

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public async Task An_anchor_of_a_library_is_the_same_in_both_Unicode_forms(string named, string onDisk)
    {
        using var fixture = new EmulatorFixture();
        // An anchor's name has no spaces.
        (named, onDisk) = (named.Replace(" ", "-", StringComparison.Ordinal),
            onDisk.Replace(" ", "-", StringComparison.Ordinal));
        var picture = Picture.FromFile(await fixture.DrawFileAsync("a.jpg", "a fox"));
        string folder = Path.Combine(fixture.Folder, "library");
        var library = new AnchorLibrary(folder);
        library.Save(Anchor.Create(onDisk, ReferenceRole.Character, "old", [picture]));
        string file = Directory.GetFiles(folder, "*.json").Single();
        File.Move(file, Path.Combine(folder, onDisk + file[file.IndexOf('.', folder.Length)..]));

        Assert.Equal("old", library.Find(named)!.Description);
        library.Save(Anchor.Create(named, ReferenceRole.Character, "new", [picture]));
        Assert.Equal("new", library.Find(onDisk)!.Description);
        Assert.Single(library.Names);
        Assert.True(library.Remove(named));
        Assert.Empty(library.Names);
    }

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public async Task A_folder_and_a_taken_name_are_the_same_in_both_Unicode_forms(string named, string onDisk)
    {
        using var fixture = new EmulatorFixture();
        string drawn = await fixture.DrawFileAsync("a.jpg", "a fox");
        string there = Directory.CreateDirectory(Path.Combine(fixture.Folder, onDisk)).FullName;
        string asked = Path.Combine(fixture.Folder, named);
        NbImage fox = NbImage.Foreign(Blob.FromFile(drawn));

        var target = new SaveTarget(null, asked, Force: false, new SaveSession());
        target.Check();
        Assert.Equal(there, Path.GetDirectoryName(target.Save(fox).Path));
        Assert.Equal(there, Path.GetDirectoryName(ImageFile.SaveIn(fox, asked).Path));
        Assert.Equal(there, new AnchorLibrary(asked).Folder);
        Assert.Equal(there, BatchPlan.Create(fixture.Manifest("""{"items":[{"name":"a","prompt":"p"}]}"""),
            fixture.Service, null, asked).Destination);
        Assert.Single(Directory.GetDirectories(fixture.Folder, "caf*"));

        File.Copy(drawn, Path.Combine(there, $"{onDisk}.jpg"));
        Assert.Equal("Nb.File.Exists", Assert.Throws<NbException>(() => new SaveTarget(
            Path.Combine(asked, $"{named}.jpg"), null, Force: false, new SaveSession()).CheckName()).ErrorId);
    }

    private static void Rename(string folder, string from, string to)
    {
        foreach (string path in Directory.GetFiles(folder, from + "*"))
        {
            File.Move(path, Path.Combine(folder, to + Path.GetFileName(path)[from.Length..]));
        }
    }
}
