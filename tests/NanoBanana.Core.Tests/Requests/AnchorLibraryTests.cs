using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

/// <summary>Anchors in a folder that is committed, shared and loaded.</summary>
public sealed class AnchorLibraryTests : IDisposable
{
    private readonly EmulatorFixture _studio = new();
    private readonly AnchorLibrary _library;

    public AnchorLibraryTests() => _library = new AnchorLibrary(_studio.At("library"));

    public void Dispose() => _studio.Dispose();

    [Fact]
    public void A_saved_anchor_is_read_back_unchanged()
    {
        _library.Save(Anchor.Create("Kael", ReferenceRole.Style, "a detective", [PictureOf(1), PictureOf(2)]));

        Anchor found = new AnchorLibrary(_library.Folder).Find("kael")!;

        Assert.Equal(("Kael", ReferenceRole.Style, "a detective", _library.Folder),
            (found.Name, found.Role, found.Description, found.Library));
        Assert.Equal([PictureOf(1).Sha256, PictureOf(2).Sha256], found.Pictures.Select(picture => picture.Sha256));
        Assert.Equal(["1.jpg", "2.jpg"], found.Pictures.Select(picture => picture.Name));
    }

    [Fact]
    public void Pictures_of_anchors_are_real_files_and_stored_once()
    {
        _library.Save(Anchor.Create("kael", ReferenceRole.Character, null, [PictureOf(1), PictureOf(2)]));
        _library.Save(Anchor.Create("twin", ReferenceRole.Character, null, [PictureOf(1)]));

        string[] files = Directory.GetFiles(Path.Combine(_library.Folder, "pictures"));

        Assert.Equal(2, files.Length);
        Assert.All(files, path => Assert.Equal(PictureFormat.Jpeg, NbImage.Foreign(Blob.FromFile(path)).Format));
    }

    [Fact]
    public void A_picture_is_removed_with_the_last_anchor_that_uses_it()
    {
        _library.Save(Anchor.Create("kael", ReferenceRole.Character, null, [PictureOf(1), PictureOf(2)]));
        _library.Save(Anchor.Create("twin", ReferenceRole.Character, null, [PictureOf(1)]));

        Assert.True(_library.Remove("KAEL"));
        Assert.Single(Directory.GetFiles(Path.Combine(_library.Folder, "pictures")));
        Assert.NotNull(_library.Find("twin"));
        Assert.False(_library.Remove("kael"));
    }

    [Fact]
    public void Names_that_differ_in_case_are_one_anchor()
    {
        _library.Save(Anchor.Create("Kael", ReferenceRole.Character, null, [PictureOf(1)]));
        _library.Save(Anchor.Create("KAEL", ReferenceRole.Character, null, [PictureOf(2)]));

        Assert.Equal(["kael"], _library.Names);
    }

    [Fact]
    public void A_changed_picture_of_an_anchor_is_refused()
    {
        _library.Save(Anchor.Create("kael", ReferenceRole.Character, null, [PictureOf(1)]));
        File.WriteAllBytes(Directory.GetFiles(Path.Combine(_library.Folder, "pictures"))[0],
            PictureOf(2).Data.ToArray());

        Assert.Equal("Nb.Blob.Damaged", Assert.Throws<NbException>(() => _library.Find("kael")).ErrorId);
    }

    [Fact]
    public void A_missing_picture_of_an_anchor_is_named()
    {
        _library.Save(Anchor.Create("kael", ReferenceRole.Character, null, [PictureOf(1)]));
        string picture = Directory.GetFiles(Path.Combine(_library.Folder, "pictures"))[0];
        File.Delete(picture);

        NbException error = Assert.Throws<NbException>(() => _library.Find("kael"));
        Assert.Equal("Nb.Anchor.PictureMissing", error.ErrorId);
        Assert.Contains(picture, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anchor_whose_pictures_are_gone_can_be_removed()
    {
        _library.Save(Anchor.Create("kael", ReferenceRole.Character, null, [PictureOf(1)]));
        Directory.Delete(Path.Combine(_library.Folder, "pictures"), recursive: true);

        Assert.True(_library.Remove("kael"));
        Assert.Empty(_library.Names);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"format\":1,\"name\":\"kael\",\"role\":\"Nobody\",\"pictures\":[]}")]
    [InlineData("{\"format\":1,\"name\":\"kael\",\"role\":\"99\",\"pictures\":[]}")]
    [InlineData("{\"format\":1,\"name\":\"kael\",\"role\":\"Style\",\"pictures\":[{\"sha256\":\"../../etc\",\"mimeType\":\"image/png\",\"name\":\"x\"}]}")]
    public void A_file_that_is_not_an_anchor_is_refused(string text)
    {
        Directory.CreateDirectory(_library.Folder);
        File.WriteAllText(Path.Combine(_library.Folder, "kael.anchor.json"), text);

        Assert.Equal("Nb.Anchor.FileInvalid", Assert.Throws<NbException>(() => _library.Find("kael")).ErrorId);
    }

    [Theory]
    [InlineData("../kael")]
    [InlineData("")]
    [InlineData("a/b")]
    public void An_invalid_name_finds_no_anchor(string name) => Assert.Null(_library.Find(name));

    [Fact]
    public async Task Many_writers_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            new AnchorLibrary(_library.Folder)
                .Save(Anchor.Create($"a{i}", ReferenceRole.Object, null, [PictureOf(i % 4), PictureOf(i)])))));

        Assert.Equal(16, _library.Names.Count);
        Assert.All(_library.Names, name => Assert.NotNull(_library.Find(name)));
    }

    [Fact]
    public void Limits_show_how_an_anchor_counts()
    {
        Anchor anchor = Anchor.Create("kael", ReferenceRole.Character, null, Enumerable.Range(0, 5).Select(PictureOf))
            .CountedBy(ModelCatalog.BuiltIn, new DateOnly(2026, 11, 21));

        AnchorCount two = Assert.Single(anchor.Limits, count => count.Model == "gemini-nano-banana-2.1");
        AnchorCount pro = Assert.Single(anchor.Limits, count => count.Model == "gemini-3-pro-image");
        Assert.Equal((4, false), (two.RoleLimit!.Value, two.Fits));
        Assert.Equal((5, true), (pro.RoleLimit!.Value, pro.Fits));
        Assert.Contains("too many", two.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_anchors_are_an_error_that_says_which_to_drop()
    {
        Anchor[] anchors =
            [.. Enumerable.Range(0, 5)
            .Select(i => Anchor.Create($"hero{i}", ReferenceRole.Character, null, [PictureOf(i)]))];

        NbException error = Assert.Throws<NbException>(() =>
            _studio.Connect().Prepare(new ImageRequest { Prompt = "all of them", Anchors = [.. anchors] }));

        Assert.Equal("Nb.Request.TooManyReferences", error.ErrorId);
        Assert.Contains("Drop hero4", error.Advice, StringComparison.Ordinal);
    }

    private static Picture PictureOf(int number) =>
        Picture.FromBlob(Blob.FromBytes(new byte[] { 0xFF, 0xD8, 0xFF, (byte)number, 0xFF, 0xD9 }), $"{number}.jpg");
}
