using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Requests;

/// <summary>A character from several sides.</summary>
public sealed class CharacterSheetTests : IDisposable
{
    private static readonly ModelInfo Model = ModelCatalog.BuiltIn.Find("nb2")!;

    private readonly EmulatorFixture _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public async Task Every_view_uses_the_earlier_ones_as_references()
    {
        ImageService service = _studio.Connect();
        CharacterSheet sheet = CharacterSheet.Of("kael", null, "a detective with a red scarf");

        foreach (string view in service.Composer.SheetViews)
        {
            CharacterSheet before = sheet;
            NbImage image = await EmulatorFixture.MakeAsync(service, sheet.Request(view, service.Composer, Model, []));
            Assert.All(before.Views, earlier =>
                Assert.Contains(EmulatorFixture.BandOf(earlier), EmulatorFixture.Bands(image)));
            Assert.Contains("a detective with a red scarf", image.ComposedPrompt, StringComparison.Ordinal);
            sheet = sheet.With(view, image);
        }

        Anchor anchor = sheet.ToAnchor();
        Assert.Equal(("kael", "a detective with a red scarf", 4),
            (anchor.Name, anchor.Description, anchor.Pictures.Length));
        Assert.Equal(["kael-front.jpg", "kael-side.jpg", "kael-back.jpg", "kael-three-quarter.jpg"],
            anchor.Pictures.Select(picture => picture.Name));
    }

    [Fact]
    public async Task Above_the_models_limit_the_first_and_the_newest_views_are_sent()
    {
        ImageService service = _studio.Connect();
        CharacterSheet sheet = CharacterSheet.Of(null, await EmulatorFixture.AnchorAsync(service, "kael"), null);
        for (int i = 0; i < 6; i++)
        {
            sheet = sheet.With($"view{i}",
                await EmulatorFixture.MakeAsync(service, sheet.Request($"view {i}", service.Composer, Model, [])));
        }

        Anchor sent = Assert.Single(sheet.Request("one more", service.Composer, Model, []).Anchors);

        Assert.Equal(4, sent.Pictures.Length);
        Assert.Equal(sheet.Anchor!.Pictures[0].Sha256, sent.Pictures[0].Sha256);
        Assert.Equal(sheet.Views[^1].Sha256, sent.Pictures[^1].Sha256);
    }

    [Fact]
    public async Task Other_anchors_keep_their_place_within_the_limits()
    {
        ImageService service = _studio.Connect();
        Anchor noir = await EmulatorFixture.AnchorAsync(service, "noir", ReferenceRole.Style);
        Anchor friend = await EmulatorFixture.AnchorAsync(service, "friend");
        CharacterSheet sheet = CharacterSheet.Of(null, await EmulatorFixture.AnchorAsync(service, "kael"), null);
        for (int i = 0; i < 5; i++)
        {
            NbImage image =
                await EmulatorFixture.MakeAsync(service,
                sheet.Request($"view {i}", service.Composer, Model, [noir, friend]));
            Assert.Contains(EmulatorFixture.BandOf(noir.Pictures[0]), EmulatorFixture.Bands(image));
            Assert.Contains(EmulatorFixture.BandOf(friend.Pictures[0]), EmulatorFixture.Bands(image));
            sheet = sheet.With($"view{i}", image);
        }
    }

    [Fact]
    public void A_sheet_without_an_anchor_or_a_description_is_refused() =>
        Assert.Equal("Nb.Sheet.NoSubject",
            Assert.Throws<NbException>(() => CharacterSheet.Of("kael", null, " ")).ErrorId);
}
