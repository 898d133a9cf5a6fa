using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Images;

namespace NanoBanana.Tests.Images;

/// <summary>Folders of format 1 are read, edited and continued by every later version.</summary>
public sealed class GoldenSidecarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GoldenSidecarTests() => GoldenFolder.Extract(_folder.Path);

    public static TheoryData<string> Pictures() => [.. GoldenFolder.Expected.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Every_field_of_an_old_sidecar_is_read(string picture) =>
        Assert.Equal(GoldenFolder.Expected[picture], GoldenDescription.Of(Old(picture)).TrimEnd('\n'));

    [Theory]
    [MemberData(nameof(Pictures))]
    public void An_old_image_saved_again_has_the_same_content(string picture)
    {
        using var other = new TemporaryFolder();
        NbImage saved = ImageFile.SaveIn(Old(picture), other.Path);
        Assert.Equal(GoldenFolder.Expected[picture],
            GoldenDescription.Of(ImageFile.Import(saved.Path!)).TrimEnd('\n'));
    }

    [Theory]
    [InlineData("single", 4)]
    [InlineData("edit", 6)]
    [InlineData("conversation", 8)]
    [InlineData("rebased", 4)]
    [InlineData("anchors", 4)]
    [InlineData("anchors-edit", 6)]
    [InlineData("reference", 4)]
    [InlineData("thoughts", 4)]
    [InlineData("interleaved", 4)]
    [InlineData("interleaved-2", 4)]
    [InlineData("grounding", 4)]
    public async Task An_old_conversation_can_be_continued(string picture, int turns)
    {
        // The emulator checks every signature.
        using var fixture = new EmulatorFixture();
        NbImage edited = await fixture.EditAsync(Old($"images/{picture}.jpg"), "make it brighter");
        Assert.Equal(turns, edited.Conversation!.Turns.Length);
        NbImage saved = ImageFile.SaveIn(edited, _folder["images"]);
        Assert.Equal(turns, ImageFile.Import(saved.Path!).Conversation!.Turns.Length);
    }

    [Fact]
    public void The_picture_that_an_edit_was_made_from_is_found() =>
        Assert.Equal(Old("images/edit.jpg").Sha256, Old("images/conversation.jpg").Parent!.Sha256);

    [Fact]
    public async Task An_old_batch_is_up_to_date_and_continues_without_its_manifest()
    {
        using var fixture = OldBatch();
        (BatchSummary summary, _) = await fixture.RunAsync(null);
        Assert.Equal((3, 0, 0), (summary.UpToDate, summary.Made, fixture.Billed));
    }

    [Fact]
    public async Task A_new_item_of_a_batch_is_made_from_an_old_one()
    {
        using var fixture = OldBatch();
        const string Json = """
            {"defaults":{"model":"nb2-3.1","aspectRatio":"8:1","size":"512"},"items":[
            {"name":"fox","prompt":"a fox"},
            {"name":"night","from":"fox","edit":"make it night"},
            {"name":"moon","from":"night","edit":"add a moon"}]}
            """;
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(Json);
        Assert.Equal((2, 1, 1), (summary.UpToDate, summary.Made, fixture.Billed));
        NbImage moon = ImageFile.Import(items.Single(item => item is { Name: "moon", IsFinal: true }).Path!);
        Assert.Equal(6, moon.Conversation!.Turns.Length);
    }

    private NbImage Old(string picture) => ImageFile.Import(_folder[picture]);

    private EmulatorFixture OldBatch()
    {
        var fixture = new EmulatorFixture();
        Directory.Move(_folder[GoldenFolder.Batch], fixture.Destination);
        File.Copy(Path.Combine(fixture.Destination, ".nb", "blobs", "59",
            "3ca7ec747be29044a81b79b31bf9d6aebad41a44ef8a36545214fc46aabe24"), fixture.At("kael.jpg"));
        return fixture;
    }
}
