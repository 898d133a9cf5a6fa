using NanoBanana.Conversations;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Requests;

/// <summary>What is sent of a long conversation, and whether the service takes it.</summary>
public sealed class BoundedHistoryTests : IDisposable
{
    private readonly EmulatorFixture _studio = new();

    public void Dispose() => _studio.Dispose();

    [Fact]
    public async Task A_history_shortened_to_any_length_is_accepted_by_the_service()
    {
        ImageService service = _studio.Connect();
        Anchor kael = await EmulatorFixture.AnchorAsync(service, "kael");
        NbImage image = await EmulatorFixture.MakeAsync(service, "a street", kael);
        for (int i = 0; i < 4; i++) image = await EmulatorFixture.EditAsync(service, image, $"edit {i}");

        for (int most = 0; most <= 11; most++)
        {
            NbImage edited = await EmulatorFixture.EditAsync(service, image, "a last edit", most);

            Conversation conversation = edited.Conversation!;
            Assert.Equal(Math.Max(2, Math.Min(10, most / 2 * 2) + 2), conversation.Turns.Length);
            Assert.All(conversation.Turns, (turn, at) => Assert.Equal(at % 2 == 0 ? Turn.User : Turn.Model, turn.Role));
            Assert.Contains(EmulatorFixture.BandOf(kael.Pictures[0]), EmulatorFixture.Bands(edited));
            Assert.Equal(image.Sha256, edited.Parent?.Sha256);
        }
    }

    [Fact]
    public async Task The_models_turns_in_a_shortened_history_are_unchanged()
    {
        ImageService service = _studio.Connect();
        NbImage image = await EmulatorFixture.MakeAsync(service, "a street");
        for (int i = 0; i < 3; i++) image = await EmulatorFixture.EditAsync(service, image, $"edit {i}");

        PreparedRequest request = service.Prepare(new ImageRequest { Prompt = "more", Source = image, MaxHistory = 4 });

        Assert.Equal(image.Conversation!.Turns[5], request.Call.Contents[1]);
        Assert.Equal(image.Conversation.Turns[7], request.Call.Contents[3]);
        var opening = Assert.IsType<ImagePart>(request.Call.Contents[0].Parts[1]);
        Assert.Equal(ImageHistory.At(image, 4).Sha256, opening.Data.Sha256);
        Assert.Contains(request.Warnings, warning => warning.Contains("last 4 of 8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bound_history_does_not_grow()
    {
        ImageService service = _studio.Connect();
        NbImage image = await EmulatorFixture.MakeAsync(service, "a street");

        for (int i = 0; i < 12; i++)
        {
            image = await EmulatorFixture.EditAsync(service, image, $"edit {i}", maxHistory: 2);
            Assert.InRange(image.Conversation!.Turns.Length, 2, 4);
        }
    }

    [Fact]
    public void A_history_above_the_inline_budget_is_warned_of()
    {
        PreparedRequest request = Prepare(new SizedBlob(16_000_000));

        Assert.True(request.IsHistoryTooLarge);
        Assert.Contains(request.Warnings, warning =>
            warning.Contains("rebase", StringComparison.Ordinal)
            && warning.Contains("maxHistory", StringComparison.Ordinal));
    }

    [Fact]
    public void A_history_below_the_inline_budget_causes_no_warning() =>
        Assert.False(Prepare(new SizedBlob(1_000_000)).IsHistoryTooLarge);

    [Fact]
    public void A_history_above_the_services_limit_is_refused_before_sending()
    {
        NbException error = Assert.Throws<NbException>(() => Prepare(new SizedBlob(80_000_000)));

        Assert.Equal("Nb.Request.TooLarge", error.ErrorId);
        Assert.Contains("{option:rebase}", error.Advice, StringComparison.Ordinal);
    }

    private PreparedRequest Prepare(Blob signature)
    {
        ImageService service = _studio.Connect();
        var picture = new ImagePart(new SizedBlob(1000), "image/jpeg") { Signature = signature };
        var conversation = new Conversation("gemini-nano-banana-2.1",
            [new Turn(Turn.User, [new TextPart("a fox")]), new Turn(Turn.Model, [picture])]);
        var image = new NbImage { Data = picture.Data, Format = PictureFormat.Jpeg, Conversation = conversation };
        return service.Prepare(new ImageRequest { Prompt = "more", Source = image });
    }

    private sealed class SizedBlob(long length) : Blob
    {
        public override long Length => length;

        public override string Sha256 { get; } = new('a', 64);

        // Gone, as far as readers can tell: it counts by its type.
        public override Stream OpenRead() => throw FileErrors.NotFound("gone.jpg");
    }
}
