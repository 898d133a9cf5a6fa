using NanoBanana.Images;

namespace NanoBanana.Tests.Images;

/// <summary>A renamed picture has left its sidecar behind: what comes under its old name does not take it.</summary>
public sealed class StraySidecarTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_picture_with_the_old_name_keeps_the_history_of_the_renamed_one(bool force)
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.Save(await fixture.DrawAsync("a fox"), folder["fox.jpg"]);
        File.Move(fox.Path!, folder["hero.jpg"]);

        NbImage owl = ImageFile.Save(await fixture.DrawAsync("an owl"), folder["fox.jpg"], force);

        Assert.Equal(folder["fox.jpg"], owl.Path);
        Assert.Equal("an owl", ImageFile.Import(owl.Path!).Prompt);
        NbImage hero = ImageFile.Import(folder["hero.jpg"]);
        Assert.Equal("a fox", hero.Prompt);
        Assert.Equal(4, (await fixture.EditAsync(hero, "a hat")).Conversation!.Turns.Length);
    }

    [Fact]
    public void A_replaced_picture_gets_a_name_unused_by_sidecars_and_pictures()
    {
        using var folder = new TemporaryFolder();
        string aside = Directory.CreateDirectory(Path.Combine(folder.Path, ".nb", "replaced")).FullName;
        File.WriteAllText(Path.Combine(aside, "fox-1.jpg.nb.json"), "a sidecar alone");
        File.WriteAllText(Path.Combine(aside, "fox-2.jpg"), "a picture alone");
        Assert.Equal(Path.Combine(aside, "fox-3.jpg"), StraySidecar.FreeAside(folder["fox.jpg"]));
    }

    [Fact]
    public async Task A_foreign_picture_with_the_old_name_does_not_get_the_history()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.Save(await fixture.DrawAsync("a fox"), folder["fox.jpg"]);
        File.Move(fox.Path!, folder["hero.jpg"]);
        NbImage foreign = NbImage.Foreign((await fixture.DrawAsync("an owl")).Data);

        ImageFile.Save(foreign, folder["fox.jpg"]);

        Assert.Null(ImageFile.Import(folder["fox.jpg"]).Prompt);
        Assert.Equal("a fox", ImageFile.Import(folder["hero.jpg"]).Prompt);
    }

    [Fact]
    public async Task A_sidecar_without_its_picture_is_set_aside_with_its_blobs()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.Save(await fixture.DrawAsync("a fox"), folder["fox.jpg"]);
        string sidecar = File.ReadAllText(fox.Path + ".nb.json");
        File.Move(fox.Path!, elsewhere["fox.jpg"]);

        ImageFile.Save(await fixture.DrawAsync("an owl"), folder["fox.jpg"]);

        string aside = Path.Combine(folder.Path, ".nb", "replaced", "fox-1.jpg.nb.json");
        Assert.Equal(sidecar, File.ReadAllText(aside));
        Assert.DoesNotContain(BlobInventory.Of(folder.Path), blob => blob.IsOrphan);
    }

    [Fact]
    public async Task A_moved_picture_with_the_old_name_does_not_get_the_history()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage fox = ImageFile.Save(await fixture.DrawAsync("a fox"), folder["fox.jpg"]);
        File.Move(fox.Path!, folder["hero.jpg"]);
        NbImage owl = ImageFile.Save(await fixture.DrawAsync("an owl"), folder["owl.jpg"]);

        ImageMove.Run(owl, folder["fox.jpg"]);

        Assert.Equal("an owl", ImageFile.Import(folder["fox.jpg"]).Prompt);
        Assert.Equal("a fox", ImageFile.Import(folder["hero.jpg"]).Prompt);
    }
}
