using System.Text;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Settings;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Reports;
using NanoBanana.Requests;
using NanoBanana.Storage;
using NanoBanana.Tests.Generation;

namespace NanoBanana.Tests.Images;

/// <summary>Answers in words alone: paid for, so they flow or are kept, and a conversation goes on from
/// them.</summary>
public sealed class TextAnswerTests
{
    private const string Question = "first write the text [[TEXT_ONLY]]";

    [Fact]
    public async Task A_text_answer_is_emitted_when_allowed_and_an_edit_continues_from_it()
    {
        using var fixture = new EmulatorFixture();
        NbText words = await AskAsync(fixture);
        Assert.NotEmpty(words.Text);
        Assert.Equal(fixture.Emulator.Statistics.BilledUsd, words.Cost);
        Assert.Equal("text/plain", words.MimeType);
        NbImage picture = await fixture.EditAsync(words, "now the picture with it");
        Assert.Equal(4, picture.Conversation!.Turns.Length);
        Assert.Equal(words.Conversation!.Turns[1].Parts, picture.Conversation.Turns[1].Parts);
    }

    [Fact]
    public async Task A_saved_text_answer_continues_in_another_session()
    {
        using var fixture = new EmulatorFixture();
        NbImage fox = await fixture.DrawAsync("a fox");
        var words = (NbText)Assert.Single(await fixture.SendAsync(
            new ImageRequest { Prompt = "what color would suit? [[TEXT_ONLY]]", Source = fox, AllowText = true }));
        NbImage saved = ImageFile.Save(words, fixture.At("out", "advice.txt"));
        Assert.Equal(words.Text, await File.ReadAllTextAsync(saved.Path!));
        var back = Assert.IsType<NbText>(ImageFile.Import(fixture.At("out", "advice.txt")));
        Assert.Equal((words.Text, words.Prompt, words.Cost), (back.Text, back.Prompt, back.Cost));
        NbImage edit = await MakeElsewhereAsync(fixture, new ImageRequest { Prompt = "do so", Source = back });
        Assert.Equal(6, edit.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task A_rebase_of_a_text_answer_sends_the_text_and_its_picture()
    {
        using var fixture = new EmulatorFixture();
        NbImage fox = await fixture.DrawAsync("a fox");
        var words = (NbText)Assert.Single(await fixture.SendAsync(
            new ImageRequest { Prompt = "what color would suit? [[TEXT_ONLY]]", Source = fox, AllowText = true }));
        PreparedRequest anew =
            fixture.Service.Prepare(new ImageRequest { Prompt = "do so", Source = words, Rebase = true });
        Assert.Contains(words.Text, anew.Prompt, StringComparison.Ordinal);
        Assert.Equal("do so", anew.Request.Prompt);
        Assert.Contains(fox.Sha256, anew.Call.Contents.Single().Blobs.Select(blob => blob.Sha256));
        PreparedRequest alone = fixture.Service.Prepare(
            new ImageRequest { Prompt = "draw it", Source = await AskAsync(fixture), Rebase = true });
        Assert.Empty(alone.Call.Contents.Single().Blobs);
    }

    [Fact]
    public async Task A_text_answer_that_is_not_allowed_is_an_error_whose_file_can_be_edited()
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(fixture.Destination);
        NbException e = await Assert.ThrowsAsync<NbException>(() => fixture.SendAsync(
            new ImageRequest { Prompt = Question }, BlobSink.Files(new BlobStore(fixture.Destination))));
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "answers"), "*.txt"));
        Assert.Contains(kept, e.Message, StringComparison.Ordinal);
        Assert.Contains("goOnFromWords", e.Advice, StringComparison.Ordinal);
        NbImage edit = await MakeElsewhereAsync(
            fixture, new ImageRequest { Prompt = "now draw it", Source = ImageFile.Import(kept) });
        Assert.Equal(4, edit.Conversation!.Turns.Length);
    }

    [Fact]
    public async Task Calls_without_a_picture_are_counted_like_those_of_a_batch()
    {
        using var fixture = new EngineFixture("""
            {"faults":[{"fault":"textOnly","nth":1},{"fault":"noImage","nth":2},{"fault":"resetBefore","nth":3}]}
            """);
        await fixture.RunAsync(4, new EngineOptions { ThrottleLimit = 1 });
        CostLine all = Assert.Single(CostReport.Read([fixture.Folder]).By(CostGrouping.None));
        Assert.Equal((3, 1), (all.Answers, all.Uncertain));
        Assert.Equal(4, fixture.Emulator.Statistics.BilledGenerations);
        decimal counted = all.Cost + all.UncertainCost;
        Assert.InRange(counted, fixture.BilledUsd * 0.9m, fixture.BilledUsd * 1.1m);
        Assert.Equal(fixture.Folder, Assert.Single(CostReport.Read([fixture.Folder]).By(CostGrouping.Folder)).Folder);
    }

    [Theory]
    [InlineData(BatchMode.Live)]
    [InlineData(BatchMode.Batch)]
    public async Task An_item_with_a_text_answer_is_up_to_date_and_can_be_a_source(BatchMode mode)
    {
        using var fixture = new EmulatorFixture(
            new EmulatorOptions { BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        const string Json = """
            {"items":[{"name":"poem","prompt":"a poem [[TEXT_ONLY]]","allowText":true},
              {"name":"picture","from":"poem","edit":"draw it"},
              {"name":"refused","prompt":"another [[TEXT_ONLY]]"}]}
            """;
        var options = new BatchOptions { Mode = mode };
        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(Json, options);
        Assert.Equal((2, 1), (summary.Made, summary.Failed));
        Assert.IsType<NbText>(ImageFile.Import(Path.Combine(fixture.Destination, "poem.txt")));
        Assert.Equal(4, items.Last(item => item.Name == "picture").Image!.Conversation!.Turns.Length);
        Assert.Single(Directory.GetFiles(Path.Combine(fixture.Destination, ".nb", "answers"), "*.txt"));
        CostLine all = Assert.Single(CostReport.Read([fixture.Destination]).By(CostGrouping.None));
        Assert.Equal((3, fixture.Emulator.Statistics.BilledUsd), (all.Answers, all.Cost));
        (summary, _) = await fixture.RunAsync(Json, options);
        Assert.Equal((0, 2, 3), (summary.Made, summary.UpToDate, fixture.Billed));
    }

    [Fact]
    public void Texts_of_an_image_have_no_terminal_control_sequences()
    {
        NbText words = NbText.Of("red\u001b[31m\u001b]0;title\u0007 fox\u0000\ncalm") with
        {
            Thoughts = "\u001b[2Jhm",
        };
        Assert.Equal("red fox\ncalm", words.Text);
        Assert.Equal("red fox\ncalm", Encoding.UTF8.GetString(words.GetBytes()));
        Assert.Equal("hm", words.Thoughts);
    }

    private static async Task<NbText> AskAsync(EmulatorFixture fixture) => Assert.IsType<NbText>(Assert.Single(
        await fixture.SendAsync(new ImageRequest { Prompt = Question, AllowText = true })));

    private static async Task<NbImage> MakeElsewhereAsync(EmulatorFixture fixture, ImageRequest request)
    {
        ImageService other = fixture.Connect();
        return Assert.Single(await other.SendAsync(other.Prepare(request), BlobSink.Memory));
    }
}
