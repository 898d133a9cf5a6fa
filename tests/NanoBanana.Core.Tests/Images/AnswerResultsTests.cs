using System.Collections.Immutable;
using System.Text;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Images;

/// <summary>Which parts of an answer are its results: what is emitted, what the history shows and what an edit speaks
/// of agree.</summary>
public sealed class AnswerResultsTests
{
    // Candidates stand between bars; a capital letter is a thought. p and q are pictures, s is a drawing in SVG, which
    // is no picture, t is text.
    [Theory]
    [InlineData("p", "p")]
    [InlineData("sp", "p")]
    [InlineData("psq", "pq")]
    [InlineData("Ptp", "p")]
    [InlineData("Pq", "q")]
    [InlineData("PQ", "Q")]
    [InlineData("PS", "P")]
    [InlineData("sP", "P")]
    [InlineData("p|q", "pq")]
    [InlineData("t|p", "p")]
    [InlineData("P|q", "q")]
    [InlineData("P|Q", "Q")]
    [InlineData("P|t", "P")]
    [InlineData("ps|sq", "pq")]
    public void Emitted_images_are_those_in_the_history(string shape, string results)
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        ImmutableArray<NbImage> images = Read(fixture, shape);

        Assert.Equal(results.Select(HashOf), images.Select(image => image.Sha256));
        decimal total = images.Sum(image => image.Cost)!.Value;
        foreach (NbImage image in images)
        {
            NbImage saved = ImageFile.SaveIn(image, folder.Path);
            NbImage[] seen = [.. ImageHistory.Of(ImageFile.Import(saved.Path!))[^1].Images];
            int own = Array.FindIndex(seen, one => one.Sha256 == image.Sha256);
            Assert.All(seen, one => Assert.Contains(one.Sha256, images.Select(made => made.Sha256)));
            Assert.Equal((total / images.Length, image.Text), (seen[own].Cost, seen[own].Text));
            PreparedRequest edit = fixture.Service.Prepare(
                new ImageRequest { Prompt = "brighter", Source = ImageFile.Import(saved.Path!) });
            Assert.Equal(seen.Length > 1, edit.Prompt != "brighter");
        }
    }

    [Fact]
    public void Each_fact_is_written_once_in_a_sidecar()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage saved = ImageFile.SaveIn(Read(fixture, "tp")[0], folder.Path);

        string text = File.ReadAllText(saved.Path + ".nb.json");

        foreach (string fact in new[] { "\"a fox in red\"", "the-response", "the-words", saved.RequestHash!, "STOP",
            "createdAt", "\"usage\"", "\"cost\"", saved.Model! })
        {
            Assert.True(text.Split(fact).Length == 2, $"{fact} stands {text.Split(fact).Length - 1} times in {text}");
        }
    }

    private static ImmutableArray<NbImage> Read(EmulatorFixture fixture, string shape)
    {
        PreparedRequest request = fixture.Service.Prepare(new ImageRequest
        {
            Prompt = "a fox in red", PromptSuffix = "on white", AspectRatio = "1:1", Size = "1K",
        });
        var answer = new Answer
        {
            ResponseId = "the-response",
            Usage = new TokenCount { PromptTokens = 5, CandidateTokens = 3000, ImageTokens = 2800, TotalTokens = 3005 },
            Candidates = [.. shape.Split('|').Select(parts => new Candidate
            {
                FinishReason = "STOP", Content = new Turn(Turn.Model, [.. parts.Select(PartOf)]),
            })],
        };
        return ImageReader.Read(request, answer, DateTimeOffset.UtcNow, BlobSink.Memory.AnswersFolder);
    }

    private static Part PartOf(char letter)
    {
        Part part = char.ToLowerInvariant(letter) switch
        {
            't' => new TextPart("the-words"),
            's' => new ImagePart(BytesOf(letter), "image/svg+xml"),
            _ => new ImagePart(BytesOf(letter), "image/png"),
        };
        return part with { Thought = char.IsUpper(letter), Signature = Blob.FromBytes(new byte[] { 1, 2 }) };
    }

    private static Blob BytesOf(char letter) => Blob.FromBytes(char.ToLowerInvariant(letter) == 's'
        ? Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>")
        : [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, (byte)letter, 1, 2, 3, 4, 5]);

    private static string HashOf(char letter) => BytesOf(letter).Sha256;
}
