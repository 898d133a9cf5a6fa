using System.Collections.Immutable;
using System.Diagnostics;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Images;

/// <summary>Images of one answer share one conversation, whose blobs are stored once.</summary>
public sealed class ManyImagesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public void Saving_all_images_of_an_answer_puts_each_blob_once(int count)
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        ImmutableArray<NbImage> images = Answer(fixture, count);
        var session = new SaveSession();
        var watch = Stopwatch.StartNew();

        NbImage[] saved = [.. images.Select(image => ImageFile.SaveIn(image, folder.Path, own: session))];

        output.WriteLine($"{count} images in {watch.Elapsed.TotalSeconds} s");
        // Each picture once, since another image's conversation needs it, and each signature once.
        Assert.Equal(2 * count, session.Puts);
        Assert.Equal(count, saved.Select(image => image.Path).Distinct().Count());
        Assert.All(new[] { saved[0], saved[^1] }, image =>
        {
            NbImage back = ImageFile.Import(image.Path!);
            Assert.All(back.Conversation!.Blobs, blob => Assert.Equal(blob.Length, blob.ToArray().Length));
            Assert.NotNull(fixture.Service.Prepare(new ImageRequest { Prompt = "brighter", Source = back }));
        });
    }

    [Fact]
    public void Reading_all_images_of_an_answer_reads_their_conversation_once()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        var session = new SaveSession();
        NbImage[] saved = [.. Answer(fixture, 100).Select(image =>
            ImageFile.SaveIn(image, folder.Path, own: session))];

        NbImage[] read = [.. saved.Select(image => ImageFile.Import(image.Path!))];

        Assert.All(read, image => Assert.Same(read[0].Conversation, image.Conversation));
        Assert.Equal(saved.Select(image => image.Sha256), read.Select(image => image.Sha256));
        // Another store has blobs of its own.
        using var copy = new TemporaryFolder();
        ImageFile.SaveIn(read[0], copy.Path);
        Assert.NotSame(read[0].Conversation,
            ImageFile.Import(Directory.GetFiles(copy.Path, "*.png").Single()).Conversation);
    }

    private static ImmutableArray<NbImage> Answer(EmulatorFixture fixture, int count)
    {
        PreparedRequest request = fixture.Service.Prepare(new ImageRequest { Prompt = "many foxes" });
        return ImageReader.Read(request, new Answer
        {
            ResponseId = "many",
            Candidates = [new Candidate
            {
                FinishReason = "STOP", Content = new Turn(Turn.Model, [.. Enumerable.Range(0, count).Select(PartOf)]),
            }],
        }, DateTimeOffset.UtcNow, fixture.Folder);
    }

    private static Part PartOf(int number)
    {
        byte[] picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. BitConverter.GetBytes(number), 0];
        return new ImagePart(Blob.FromBytes(picture), "image/png")
        {
            Signature = Blob.FromBytes(BitConverter.GetBytes(number)),
        };
    }
}
