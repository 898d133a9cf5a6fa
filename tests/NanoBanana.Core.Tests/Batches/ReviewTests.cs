using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Reports;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Batches;

/// <summary>What a person says of pictures, and what a batch makes of it.</summary>
public sealed class ReviewTests
{
    private const string Drafts = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
        {"name":"fox","prompt":"a fox"},{"name":"owl","prompt":"an owl"},
        {"name":"hare","prompt":"a hare","outFile":"animals/hare.jpg"},
        {"name":"night","from":"owl","edit":"make it night"}]}
        """;

    private static readonly BatchOptions Final = new()
    {
        Approved = true, Overrides = new RequestOptions { Model = "nb2", Size = "1K" },
    };

    [Fact]
    public async Task Exactly_the_approved_pictures_are_made_final_with_the_note_as_the_edit()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        Say(fixture, ("fox", ReviewDecision.Approved, null), ("hare", ReviewDecision.Approved, "add a red scarf"),
            ("owl", ReviewDecision.Rejected, "it squints"));

        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(null, Final);
        Assert.Equal((2, 2, 6), (summary.Total, summary.Made, fixture.Billed));
        BatchItem hare = items.Single(item => item is { Name: "hare-final", State: BatchItemState.Succeeded });
        Assert.Equal("add a red scarf", hare.Prompt);
        NbImage picture = ImageFile.Import(hare.Path!);
        Assert.Equal(Path.Combine(fixture.Destination, "animals", "hare-final"),
            Path.ChangeExtension(hare.Path, null));
        Assert.Equal(ImageFile.Import(Path.Combine(fixture.Destination, "animals", "hare.jpg")).Sha256,
            picture.ParentSha256);
        Assert.NotEqual(ImageFile.Import(Path.Combine(fixture.Destination, "fox.jpg")).Model, picture.Model);
        Assert.Equal("1K", picture.Size);

        // Again, and as part of the whole batch: everything but what was rejected, and what is made from it, is there.
        Assert.Equal(2, (await fixture.RunAsync(null, Final)).Summary.UpToDate);
        BatchSummary whole = (await fixture.RunAsync(null)).Summary;
        Assert.Equal((6, 4, 1, 1), (whole.Total, whole.UpToDate, whole.Rejected, whole.Blocked));
        Assert.Equal(6, fixture.Billed);
    }

    [Fact]
    public void A_review_does_not_grow_past_what_is_read_again()
    {
        using var folder = new TemporaryFolder();
        Review Said(string item, int length) => new Review() with
        {
            Items = ImmutableSortedDictionary<string, PictureReview>.Empty.Add(item,
                new PictureReview { Sha256 = "00", Note = new string('x', length) }),
        };
        Review.Add(folder.Path, Said("one", Review.MostBytes - 1000));
        NbException error = Assert.Throws<NbException>(() => Review.Add(folder.Path, Said("two", 1000)));
        Assert.Equal("Nb.Review.TooLong", error.ErrorId);
        Assert.Equal("one", Assert.Single(Review.Of(folder.Path).Items).Key);
    }

    [Fact]
    public async Task A_rejected_picture_is_made_again_when_failures_are_tried_again()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        Say(fixture, ("fox", ReviewDecision.Rejected, "too red"));
        BatchItem rejected = (await fixture.RunAsync(null)).Items.Single(item => item.Name == "fox");
        Assert.Equal(BatchItemState.Rejected, rejected.State);
        Assert.Equal("Nb.Review.Rejected", rejected.Error!.ErrorId);
        Assert.Contains("too red", rejected.Error.Message, StringComparison.Ordinal);
        Assert.Equal(4, fixture.Billed);

        Assert.Equal(1, (await fixture.RunAsync(null, new BatchOptions { RetryFailed = true })).Summary.Made);
        // The new picture is not the one that was rejected.
        Assert.Equal(4, (await fixture.RunAsync(null)).Summary.UpToDate);
        Assert.Equal(5, fixture.Billed);
    }

    [Fact]
    public async Task An_edited_picture_can_be_rejected()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        string fox = Path.Combine(fixture.Destination, "fox.jpg");
        File.WriteAllBytes(fox, [.. File.ReadAllBytes(fox), 0xFF, 0xD9]);
        Say(fixture, ("fox", ReviewDecision.Rejected, "too red"));
        BatchItem rejected = (await fixture.RunAsync(null)).Items.Single(item => item.Name == "fox");
        Assert.Equal("Nb.Review.Rejected", rejected.Error?.ErrorId);
        Assert.Equal(1, (await fixture.RunAsync(null, new BatchOptions { RetryFailed = true })).Summary.Made);
        Assert.True(File.Exists(fox));
        Assert.Equal(5, fixture.Billed);
    }

    [Fact]
    public async Task A_final_takes_no_name_whose_file_is_of_another_item()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync("""
            {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
            {"name":"fox","prompt":"a fox"},{"name":"Fox-Final","prompt":"another fox"}]}
            """);
        Say(fixture, ("fox", ReviewDecision.Approved, null));
        BatchItem made = (await fixture.RunAsync(null, Final)).Items.Single(item => item.Path is not null);
        Assert.Equal("fox-final-2", made.Name);
        // The folder still says what it makes.
        Assert.Equal(3, (await fixture.RunAsync(null)).Summary.UpToDate);
    }

    [Fact]
    public async Task A_picture_that_was_made_again_since_is_not_approved()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        Say(fixture, ("fox", ReviewDecision.Approved, null));
        await fixture.RunAsync(null, new BatchOptions { Force = true, Only = ["fox"] });
        NbException error = await Assert.ThrowsAsync<NbException>(() => fixture.RunAsync(null, Final));
        Assert.Equal("Nb.Review.NothingApproved", error.ErrorId);
        Assert.Contains("'fox'", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, fixture.Billed);
    }

    [Fact]
    public async Task A_new_draft_does_not_change_the_approved_final()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        Say(fixture, ("fox", ReviewDecision.Approved, null));
        await fixture.RunAsync(null, Final);
        await fixture.RunAsync(null, new BatchOptions { Force = true, Only = ["fox"] });
        BatchPlan plan = BatchPlan.Create(null, fixture.Service, null, fixture.Destination);
        Assert.Equal(BatchItemState.UpToDate, plan.Items.Single(item => item.Name == "fox-final").State);
        // Another edition begins with drafts.
        plan = BatchPlan.Create(null, fixture.Service, new BatchOptions { Edition = "W49" }, fixture.Destination);
        Assert.DoesNotContain(plan.Items, item => item.Name == "fox-final");
    }

    [Fact]
    public async Task A_final_is_changed_by_its_own_note()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        Say(fixture, ("fox", ReviewDecision.Approved, null));
        await fixture.RunAsync(null, Final);
        Say(fixture, ("fox", ReviewDecision.None, null), ("fox-final", ReviewDecision.Approved, "smile"));
        BatchItem changed = (await fixture.RunAsync(null, Final)).Items.Single(item => item.Path is not null);
        Assert.Equal(("fox-final-2", "smile"), (changed.Name, changed.Prompt));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"$review\":1,\"items\":{\"fox\":{\"sha256\":\"a\",\"decision\":\"perhaps\"}}}")]
    public async Task An_invalid_review_is_refused_before_anything_is_sent(string text)
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        File.WriteAllText(Path.Combine(fixture.Destination, "review.json"), text);
        NbException error = await Assert.ThrowsAsync<NbException>(() => fixture.RunAsync(null, Final));
        Assert.Equal("Nb.Review.Invalid", error.ErrorId);
        Assert.Equal(4, fixture.Billed);
    }

    [Theory]
    [InlineData("[1]", "it has another form.")]
    [InlineData("{\n\n!}", "it is not JSON (line 3).")]
    [InlineData("{\"$review\":1,\"items\":[]}", "it has another form.")]
    [InlineData("{\"$review\":1,\"items\":{\"fox\":7}}", "its item 'fox' is not an object.")]
    [InlineData("{\"$review\":1,\"items\":{\"fox\":{}}}", "its item 'fox' has no sha256.")]
    [InlineData("{\"$review\":1,\"items\":{\"fox\":{\"sha256\":7}}}",
        "its item 'fox' has a sha256 that is not a text.")]
    [InlineData("{\"$review\":1,\"items\":{\"fox\":{\"sha256\":\"a\",\"at\":\"noon\"}}}",
        "its item 'fox' has the time 'noon', which cannot be read.")]
    public void Mistakes_in_a_review_are_explained(string text, string words)
    {
        NbException error =
            Assert.Throws<NbException>(() => Review.Parse(System.Text.Encoding.UTF8.GetBytes(text), "review.json"));
        Assert.Equal($"'review.json' is not a review: {words}", error.Message);
    }

    [Fact]
    public async Task The_page_needs_its_secret_address_and_only_accepts_reviews_from_itself()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Drafts);
        using ReviewServer server = ReviewServer.Start(fixture.Destination, WordList.Empty);
        using var http = new HttpClient();
        string page = await http.GetStringAsync(server.Address);
        Assert.Contains("connect-src 'self'", page,
            StringComparison.Ordinal);
        using JsonDocument data = JsonDocument.Parse(page.Split("type=\"application/json\">")[1].Split("</script>")[0]);
        JsonElement fox = data.RootElement.GetProperty("items")[0];
        byte[] picture = await http.GetByteArrayAsync(new Uri(server.Address, fox.GetProperty("file").GetString()));
        Assert.Equal(File.ReadAllBytes(Path.Combine(fixture.Destination, "fox.jpg")), picture);

        string said = "{\"$review\":1,\"items\":{\"fox\":{\"sha256\":\"" + fox.GetProperty("sha256").GetString()
            + "\",\"decision\":\"rejected\",\"note\":\"too red\"}}}";
        string own = server.Address.GetLeftPart(UriPartial.Authority);
        var elsewhere = new Uri(own + "/review");
        Assert.Equal(HttpStatusCode.Forbidden,
            await PostAsync(http, new Uri(server.Address, "review"), said, "http://evil.example"));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(http, elsewhere, said, own));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(own))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await http.GetAsync(new Uri(server.Address, "files/999/ledger.jsonl"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(http, new Uri(server.Address, "review"), "{}", own));
        Assert.False(File.Exists(server.ReviewPath));

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(http, new Uri(server.Address, "review"), said, own));
        Assert.Equal(BatchItemState.Rejected,
            BatchPlan.Create(null, fixture.Service, null, fixture.Destination).Items[0].State);
        Assert.False(server.Completion.IsCompleted);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(http, new Uri(server.Address, "done"), "{}", own));
        await server.Completion.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, Uri address, string json, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static void Say(
        EmulatorFixture fixture, params (string Name, ReviewDecision Decision, string? Note)[] words)
    {
        BatchPlan plan = BatchPlan.Create(null, fixture.Service, null, fixture.Destination);
        Review.Add(fixture.Destination, new Review
        {
            Items = words.ToImmutableSortedDictionary(one => one.Name, one => new PictureReview
            {
                Sha256 = ImageFile.Import(plan.Items.Single(item => item.Name == one.Name).Path!).Sha256,
                Decision = one.Decision,
                Note = one.Note,
            }),
        });
    }
}
