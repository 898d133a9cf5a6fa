using System.Security.Cryptography;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Images;

/// <summary>Conversations that are carried on by many, in one folder.</summary>
public sealed class LongConversationTests : IDisposable
{
    private readonly EmulatorFixture _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public async Task Forty_edits_over_eight_connections_with_branches_are_accepted_and_store_no_blob_twice()
    {
        string path =
            ImageFile.Save(await EmulatorFixture.MakeAsync(_studio.Connect(), Small("a lighthouse")),
            _studio.At("0.jpg")).Path!;
        for (int process = 0; process < 8; process++)
        {
            ImageService service = _studio.Connect();
            for (int edit = 1; edit <= 5; edit++)
            {
                int number = process * 5 + edit;
                NbImage source = ImageFile.Import(path);
                path = ImageFile.Save(await EmulatorFixture.EditAsync(service, source, $"edit {number}"),
                    _studio.At($"{number}.jpg")).Path!;
            }
            NbImage branch =
                await EmulatorFixture.EditAsync(service, ImageHistory.At(ImageFile.Import(path), 2 * (process + 1)),
                $"branch {process}");
            ImageFile.Save(branch, _studio.At($"branch-{process}.jpg"));
            Assert.Equal(2 * (process + 2), branch.Conversation!.Turns.Length);
        }

        NbImage last = ImageFile.Import(path);
        Assert.Equal(82, last.Conversation!.Turns.Length);
        Assert.Equal(84,
            (await EmulatorFixture.EditAsync(_studio.Connect(), last, "the end")).Conversation!.Turns.Length);
        Assert.Equal(0, _studio.Emulator.Statistics.Errors);
        AssertStoreIsWhole(_studio.Folder);
    }

    [Fact]
    public async Task Concurrent_writers_and_a_cleaner_work_in_one_folder()
    {
        ImageService service = _studio.Connect();
        NbImage image =
            await EmulatorFixture.EditAsync(service, await EmulatorFixture.MakeAsync(service, Small("a mill")),
            "in winter");
        NbImage[] edits =
            await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => EmulatorFixture.EditAsync(service, image, $"edit {i}")));
        using var done = new CancellationTokenSource();
        Task cleaner = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                foreach (StoredBlob orphan in BlobInventory.Of(_studio.Folder).Where(blob => blob.IsOrphan))
                {
                    try
                    {
                        BlobInventory.Remove(orphan);
                    }
                    catch (NbException e) when (e.ErrorId == "Nb.Blob.InUse")
                    {
                        // Somebody has saved an image of it meanwhile.
                    }
                }
            }
        });

        await Task.WhenAll(edits.Select(edit => Task.Run(() =>
        {
            for (int i = 0; i < 4; i++) ImageFile.Save(edit, _studio.At("mill.jpg"));
        })));
        await done.CancelAsync();
        await cleaner;

        Assert.Equal(32, ImageFile.List(_studio.Folder).Count());
        foreach (string path in ImageFile.List(_studio.Folder))
        {
            foreach (Blob blob in ImageFile.Import(path).Conversation!.Blobs) blob.Verify();
        }
        AssertStoreIsWhole(_studio.Folder);
    }

    private static ImageRequest Small(string prompt) => new() { Prompt = prompt, Model = "nb2-3.1", Size = "512" };

    private static void AssertStoreIsWhole(string folder)
    {
        string blobs = Path.Combine(folder, BlobStore.FolderName, "blobs");
        string[] files = Directory.GetFiles(blobs, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        string[] hashes = [.. files.Select(path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))))];
        Assert.Equal(hashes,
            files.Select(path =>
            Path.GetRelativePath(blobs, path)
            .Replace(Path.DirectorySeparatorChar.ToString(), "", StringComparison.Ordinal)));
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, BlobStore.FolderName, "tmp")));
    }
}
