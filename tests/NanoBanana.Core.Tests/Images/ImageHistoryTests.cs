using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Images;

/// <summary>Looking back along a conversation, before and after it was saved.</summary>
public sealed class ImageHistoryTests : IDisposable
{
    private readonly EmulatorFixture _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public async Task Turns_are_listed_with_index_role_text_images_signatures_and_cost()
    {
        NbImage image = await SavedAsync();

        HistoryTurn[] turns = [.. ImageHistory.Of(ImageFile.Import(image.Path!))];

        Assert.Equal([1, 2, 3, 4], turns.Select(turn => turn.Index));
        Assert.Equal(["user", "model", "user", "model"], turns.Select(turn => turn.Role));
        Assert.Equal("a mill", turns[0].Text);
        Assert.Equal("in winter", turns[2].Text);
        Assert.All([turns[1], turns[3]], turn =>
            Assert.True(turn is { Images.Length: 1, Signatures: > 0, Cost: > 0, Usage: not null,
            CreatedAt: not null }));
        Assert.Equal(image.Sha256, turns[3].Images[0].Sha256);
        Assert.Null(turns[0].Cost);
    }

    [Fact]
    public async Task The_parent_of_an_imported_image_is_complete()
    {
        ImageService service = _studio.Connect();
        NbImage first =
            await EmulatorFixture.MakeAsync(service, new ImageRequest { Prompt = "a mill", AspectRatio = "16:9" });
        ImageFile.Save(await EmulatorFixture.EditAsync(service, first, "in winter"), _studio.At("b.jpg"));

        NbImage parent = ImageFile.Import(_studio.At("b.jpg")).Parent!;

        Assert.Equal(first.Sha256, parent.Sha256);
        Assert.Equal(("a mill", first.Cost, "16:9", first.Width),
            (parent.Prompt, parent.Cost, parent.AspectRatio, parent.Width));
        Assert.Null(parent.Parent);
        NbImage edited = await EmulatorFixture.EditAsync(service, parent, "in spring");
        Assert.Equal(4, edited.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task The_parent_of_a_rebased_image_is_the_picture_it_started_from()
    {
        ImageService service = _studio.Connect();
        NbImage first = await EmulatorFixture.MakeAsync(service, "a mill");
        NbImage rebased =
            await EmulatorFixture.MakeAsync(service,
            new ImageRequest { Prompt = "in winter", Source = first, Rebase = true });
        ImageFile.Save(rebased, _studio.At("b.jpg"));

        Assert.Equal(first.Sha256, ImageFile.Import(_studio.At("b.jpg")).Parent!.Sha256);
    }

    [Fact]
    public async Task A_turn_without_an_image_of_the_models_is_refused_and_the_others_named()
    {
        NbException error = Assert.Throws<NbException>(() => ImageHistory.At(SavedAsync().Result, 3));

        Assert.Equal("Nb.Conversation.NoImageAtTurn", error.ErrorId);
        Assert.Contains("2, 4", error.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public void A_foreign_image_has_no_history()
    {
        NbImage foreign = NbImage.Foreign(Blob.FromBytes(new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 }));

        Assert.Empty(ImageHistory.Of(foreign));
        Assert.Equal("Nb.Conversation.None", Assert.Throws<NbException>(() => ImageHistory.At(foreign, 2)).ErrorId);
    }

    [Fact]
    public async Task A_moved_folder_still_edits()
    {
        NbImage image = await SavedAsync();
        string moved = _studio.At("elsewhere");
        Directory.Move(Path.GetDirectoryName(image.Path!)!, moved);

        NbImage edited =
            await EmulatorFixture.EditAsync(_studio.Connect(), ImageFile.Import(Path.Combine(moved, "b.jpg")),
            "at night");

        Assert.Equal(6, edited.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_missing_blob_is_named_and_rebase_is_advised()
    {
        NbImage image = await SavedAsync();
        string blob = Directory.GetFiles(_studio.At("images", ".nb", "blobs"), "*", SearchOption.AllDirectories)[0];
        File.Delete(blob);
        ImageService service = _studio.Connect();
        NbImage imported = ImageFile.Import(image.Path!);

        NbException error =
            await Assert.ThrowsAsync<NbException>(() => EmulatorFixture.EditAsync(service, imported, "at night"));

        Assert.Equal("Nb.Blob.Missing", error.ErrorId);
        Assert.Contains(blob, error.Message, StringComparison.Ordinal);
        Assert.Contains("{option:rebase}", error.Advice, StringComparison.Ordinal);
        NbImage rebased =
            await EmulatorFixture.MakeAsync(service,
            new ImageRequest { Prompt = "at night", Source = imported, Rebase = true });
        Assert.Equal(2, rebased.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_blob_that_was_cut_off_is_stored_again()
    {
        NbImage image = await SavedAsync();
        string blob = Directory.GetFiles(_studio.At("images", ".nb", "blobs"), "*", SearchOption.AllDirectories)[0];
        byte[] bytes = File.ReadAllBytes(blob);
        var store = new BlobStore(_studio.At("images"));
        File.WriteAllBytes(blob, bytes[..10]);

        store.Put(Blob.FromBytes(bytes));

        Assert.Equal(bytes, File.ReadAllBytes(blob));
        Assert.NotNull(image);
    }

    [Fact]
    public async Task Images_and_words_of_one_answer_come_in_order()
    {
        ImageService service = _studio.Connect();
        PreparedRequest request = service.Prepare(new ImageRequest { Prompt = "a recipe [[INTERLEAVED:3]]" });

        NbImage[] images = [.. await service.SendAsync(request, BlobSink.Memory)];

        Assert.Equal(3, images.Select(image => image.Sha256).Distinct().Count());
        Assert.Equal(["Step 1 of 3.", "Step 2 of 3.", "Step 3 of 3."], images.Select(image => image.Text));
        Assert.Equal(images.Select(image => image.Sha256),
            images[0].Conversation!.Turns[1].Results.Select(part => part.Data.Sha256));
    }

    [Fact]
    public async Task An_edit_of_one_of_several_images_says_which()
    {
        ImageService service = _studio.Connect();
        PreparedRequest request = service.Prepare(new ImageRequest { Prompt = "a recipe [[INTERLEAVED:3]]" });
        NbImage[] images = [.. await service.SendAsync(request, BlobSink.Memory)];

        PreparedRequest edit = service.Prepare(new ImageRequest { Prompt = "make it red", Source = images[1] });

        Assert.Contains("number 2", edit.Prompt, StringComparison.Ordinal);
        ImageFile.Save(await EmulatorFixture.EditAsync(service, images[1], "make it red"), _studio.At("red.jpg"));
        Assert.Equal(images[1].Sha256, ImageFile.Import(_studio.At("red.jpg")).Parent!.Sha256);
    }

    [Fact]
    public async Task Image_only_asks_for_no_words()
    {
        ImageService service = _studio.Connect();

        NbImage image =
            await EmulatorFixture.MakeAsync(service, new ImageRequest { Prompt = "a mill", ImageOnly = true });

        Assert.Equal("", image.Text);
        Assert.Contains("\"responseModalities\":[\"IMAGE\"]", _studio.Asked[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grounding_gives_titles_pages_images_and_the_entry_point()
    {
        ImageService service = _studio.Connect();

        NbImage image =
            await EmulatorFixture.MakeAsync(service,
            new ImageRequest { Prompt = "a kingfisher", Grounding = ["web", "image"] });

        Assert.NotEmpty(image.Grounding!.Sources);
        Assert.All(image.Grounding.Sources, source =>
            Assert.True(Uri.IsWellFormedUriString(source.Page, UriKind.Absolute)));
        Assert.Contains(image.Grounding.Sources, source => source.Image is not null);
        Assert.Contains(image.Grounding.Sources, source => source.Title.Length > 0);
        Assert.Contains("<", image.Grounding.SearchEntryPoint, StringComparison.Ordinal);
    }

    private async Task<NbImage> SavedAsync()
    {
        ImageService service = _studio.Connect();
        NbImage image =
            await EmulatorFixture.EditAsync(service, await EmulatorFixture.MakeAsync(service, "a mill"), "in winter");
        return ImageFile.Save(image, _studio.At("images", "b.jpg"));
    }
}
