using NanoBanana.Batches;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Reports;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Storage;

/// <summary>Files of the user's own in the places that ours would have.</summary>
public sealed class ForeignFileTests
{
    [Theory]
    [InlineData("ledger.jsonl", "{\"mine\":1}\n")]
    [InlineData("ledger.jsonl", "no line break")]
    [InlineData("batch.json", "{\"items\":[{\"name\":\"mine\",\"prompt\":\"mine\"}]}")]
    [InlineData("batch.json", "not even JSON")]
    public void A_batch_does_not_change_a_foreign_file(string name, string text)
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(fixture.Destination);
        string path = Path.Combine(fixture.Destination, name);
        File.WriteAllText(path, text);
        Assert.Equal("Nb.File.Foreign",
            Assert.Throws<NbException>(() => fixture.Open(EmulatorFixture.Many(1))).ErrorId);
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(fixture.Destination));
        Assert.Equal(0, fixture.Emulator.Statistics.Requests);
    }

    [Fact]
    public async Task Files_that_only_resemble_shard_ledgers_are_not_joined()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(2), new() { Shard = new(1, 2) });
        string accounts = Path.Combine(fixture.Destination, "ledger-2026.jsonl"),
            mine = Path.Combine(fixture.Destination, "ledger-2-of-2.jsonl");
        File.WriteAllText(accounts, "rent 100\n");
        File.WriteAllText(mine, "rent 100\n");
        Batch.Merge(fixture.Destination);
        Assert.Equal(("rent 100\n", "rent 100\n"), (File.ReadAllText(accounts), File.ReadAllText(mine)));
    }

    [Fact]
    public async Task A_page_of_a_version_without_a_generator_name_is_replaced()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(1));
        string page = ReportPage.Export(fixture.Destination, WordList.Empty);
        string unnamed = File.ReadAllText(page)
            .Replace("<meta name=\"generator\" content=\"NanoBanana.PowerShell\">", "", StringComparison.Ordinal);
        File.WriteAllText(page, unnamed);
        ReportPage.Export(fixture.Destination, WordList.Empty);
        Assert.NotEqual(unnamed, File.ReadAllText(page));
    }

    [Fact]
    public async Task A_foreign_page_is_not_replaced_but_a_page_of_this_module_is()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(1));
        string page = Path.Combine(fixture.Destination, "report.html");
        File.WriteAllText(page, "<html>mine</html>");
        Assert.Equal("Nb.File.Foreign",
            Assert.Throws<NbException>(() => ReportPage.Export(fixture.Destination, WordList.Empty)).ErrorId);
        Assert.Equal("<html>mine</html>", File.ReadAllText(page));
        File.Delete(page);
        ReportPage.Export(fixture.Destination, WordList.Empty);
        ReportPage.Export(fixture.Destination, WordList.Empty, title: "again");
        Assert.Contains("again", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "tmp")));
    }

    [Fact]
    public async Task An_anchor_library_keeps_pictures_that_are_not_its_own()
    {
        using var fixture = new EmulatorFixture();
        string drawn = await fixture.DrawFileAsync("kael.png", "kael");
        string pictures = Path.Combine(fixture.Destination, "pictures");
        Directory.CreateDirectory(pictures);
        string[] mine = ["holiday.jpg", "notes.txt", "deadbeef.png", new string('a', 64), new string('a', 64) + ".txt"];
        foreach (string name in mine) File.WriteAllText(Path.Combine(pictures, name), name);
        var library = new AnchorLibrary(fixture.Destination);
        library.Save(Anchor.Create("kael", ReferenceRole.Character, null, [Picture.FromFile(drawn)]));
        library.Remove("kael");
        Assert.Equal(mine.Order(StringComparer.Ordinal),
            Directory.GetFiles(pictures).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_foreign_file_with_the_name_of_an_anchor_is_not_changed()
    {
        using var fixture = new EmulatorFixture();
        string drawn = await fixture.DrawFileAsync("kael.png", "kael");
        string path = fixture.Write("kael.anchor.json", "{\"ship\":\"anchor\"}");
        NbException refused = Assert.Throws<NbException>(() =>
            new AnchorLibrary(fixture.Folder)
                .Save(Anchor.Create("kael", ReferenceRole.Character, null, [Picture.FromFile(drawn)])));
        Assert.Equal(("Nb.File.Foreign", "{\"ship\":\"anchor\"}"), (refused.ErrorId, File.ReadAllText(path)));
    }
}
