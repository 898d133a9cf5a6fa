using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.Tests.Images;

/// <summary>What of a store nothing needs any more.</summary>
public sealed class BlobInventoryTests : IDisposable
{
    private readonly EmulatorFixture _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public async Task Blobs_are_listed_with_what_needs_them()
    {
        await SaveTwoAsync();

        IReadOnlyList<StoredBlob> blobs = BlobInventory.Of(_studio.Folder);

        Assert.NotEmpty(blobs);
        Assert.All(blobs, blob => Assert.False(blob.IsOrphan));
        Assert.Contains(blobs, blob => blob.UsedBy is ["a.jpg.nb.json", "b.jpg.nb.json"]);
    }

    [Fact]
    public async Task A_blob_that_only_a_deleted_image_needed_is_an_orphan_and_can_be_removed()
    {
        await SaveTwoAsync();
        File.Delete(_studio.At("b.jpg"));
        File.Delete(_studio.At("b.jpg.nb.json"));
        StoredBlob[] orphans = [.. BlobInventory.Of(_studio.Folder).Where(blob => blob.IsOrphan)];

        foreach (StoredBlob orphan in orphans) BlobInventory.Remove(orphan);

        Assert.NotEmpty(orphans);
        Assert.All(orphans, orphan => Assert.False(File.Exists(orphan.Path)));
        Assert.DoesNotContain(BlobInventory.Of(_studio.Folder), blob => blob.IsOrphan);
        NbImage edited =
            await EmulatorFixture.EditAsync(_studio.Connect(), ImageFile.Import(_studio.At("a.jpg")), "at night");
        Assert.NotNull(edited);
    }

    [Fact]
    public async Task A_needed_blob_is_not_removed()
    {
        await SaveTwoAsync();
        StoredBlob blob = BlobInventory.Of(_studio.Folder)[0];

        NbException error = Assert.Throws<NbException>(() => BlobInventory.Remove(blob));

        Assert.Equal("Nb.Blob.InUse", error.ErrorId);
        Assert.True(File.Exists(blob.Path));
    }

    [Fact]
    public async Task A_blob_named_in_a_ledger_is_needed()
    {
        await SaveTwoAsync();
        StoredBlob blob = BlobInventory.Of(_studio.Folder)[0];
        foreach (string sidecar in Directory.GetFiles(_studio.Folder, "*.nb.json")) File.Delete(sidecar);
        File.WriteAllText(_studio.At("ledger.jsonl"), $"{{\"answer\":\"{blob.Sha256}\"}}\n");

        Assert.Equal(blob.Sha256, Assert.Single(BlobInventory.Of(_studio.Folder), known => !known.IsOrphan).Sha256);
    }

    [Fact]
    public void A_folder_without_a_store_has_none() => Assert.Empty(BlobInventory.Of(_studio.Folder));

    private async Task SaveTwoAsync()
    {
        ImageService service = _studio.Connect();
        NbImage first = await EmulatorFixture.MakeAsync(service, "a mill");
        ImageFile.Save(await EmulatorFixture.EditAsync(service, first, "in winter"), _studio.At("a.jpg"));
        ImageFile.Save(await EmulatorFixture.EditAsync(service, first, "in spring"), _studio.At("b.jpg"));
    }
}
