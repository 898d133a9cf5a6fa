using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;

namespace NanoBanana.Tests.Localization;

/// <summary><c>localize</c> in a manifest.</summary>
public sealed class LocalizedBatchTests
{
    private const string Poster = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},
        "localize":{"from":"hero","text":"strings.csv","sourceLanguage":"en","maximumTryCount":TRIES,"languages":["de","ar"]},
        "items":[{"name":"hero","prompt":"a poster that says \"Sale\"","outFile":"web/hero.jpg"}]}
        """;

    private const string Strings = "key,en,de,ar\na,Sale,Ausverkauf,\u062A\u062E\u0641\u064A\u0636\u0627\u062A\n";

    [Fact]
    public void Each_language_is_an_item_made_from_the_picture()
    {
        using var fixture = new EmulatorFixture();
        fixture.Write("strings.csv", Strings);

        Manifest manifest = fixture.Manifest(Poster.Replace("TRIES", "3", StringComparison.Ordinal));

        Assert.Equal(["hero", "hero.de", "hero.ar"], manifest.Items.Select(item => item.Name));
        ManifestItem german = manifest.Items[1];
        Assert.Equal(("hero", "web/hero.de", 3), (german.From, german.OutFile, german.MaximumTryCount));
        Assert.Equal(["Ausverkauf"], (string[])[.. german.Lettering!.Value]);
        Assert.Contains("\"Ausverkauf\"", german.Edit, StringComparison.Ordinal);
        Assert.Contains("right to left", manifest.Items[2].Edit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Misspelled_lettering_is_tried_again_with_the_differences_and_then_is_up_to_date()
    {
        using var fixture = new EmulatorFixture(Misspelling(2, 3));
        fixture.Write("strings.csv", Strings);
        string manifest = Poster.Replace("TRIES", "3", StringComparison.Ordinal);
        var oneByOne = new BatchOptions { ThrottleLimit = 1 };

        (BatchSummary summary, _) = await fixture.RunAsync(manifest, oneByOne);

        Assert.Equal((3, 0), (summary.Made, summary.Rejected));
        NbImage german = ImageFile.Import(Path.Combine(fixture.Destination, "web", "hero.de.jpg"));
        Assert.Equal((true, 3), (german.Verdict!.IsAccepted, german.Verdict.Try));
        Assert.Contains("reads \u2018Asuverkauf\u2019: 2 letters wrong", german.ComposedPrompt,
            StringComparison.Ordinal);
        int billed = fixture.Billed;
        (BatchSummary again, _) = await fixture.RunAsync(null, oneByOne);
        Assert.Equal((3, billed), (again.UpToDate, fixture.Billed));
    }

    [Fact]
    public async Task Lettering_that_stays_wrong_is_rejected_with_the_reasons()
    {
        using var fixture = new EmulatorFixture(Misspelling(2, 3));
        fixture.Write("strings.csv", Strings);

        (BatchSummary summary, List<BatchItem> items) = await fixture.RunAsync(
            Poster.Replace("TRIES", "2", StringComparison.Ordinal), new BatchOptions { ThrottleLimit = 1 });

        Assert.Equal((2, 1), (summary.Made, summary.Rejected));
        BatchItem rejected = items.Single(item => item.State == BatchItemState.Rejected);
        Assert.Equal("hero.de", rejected.Name);
        Assert.Contains("2 letters wrong", rejected.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BatchMode.Live, "*image*:generateContent")]
    [InlineData(BatchMode.Batch, "*:batchGenerateContent")]
    public async Task A_picture_with_the_old_words_beside_the_translation_is_tried_again(BatchMode mode, string path)
    {
        using var fixture = new EmulatorFixture(new EmulatorOptions
        {
            BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero,
            // The first request is the poster.
            Faults = FaultScript.Parse($$"""{"faults":[{"fault":"oldLettering","path":"{{path}}","nth":2}]}"""),
        });

        (BatchSummary summary, _) = await fixture.RunAsync("""
            {"items":[{"name":"hero","prompt":"a poster that says \"Sale\"",
                "model":"gemini-3.1-flash-image","size":"512"}],
             "localize":{"text":{"en":"Sale","de":"Ausverkauf"},"languages":["de"],"sourceLanguage":"en",
                "maximumTryCount":2}}
            """, new BatchOptions { Mode = mode, PollInterval = TimeSpan.FromMilliseconds(1) });

        Assert.Equal((2, 0), (summary.Made, summary.Rejected));
        NbImage german = ImageFile.Import(Path.Combine(fixture.Destination, "hero.de.jpg"));
        Assert.Equal((true, 2), (german.Verdict!.IsAccepted, german.Verdict.Try));
        NbImage first = ImageFile.Import(Path.Combine(fixture.Destination, "hero.de-try1.jpg"));
        Assert.Contains("\u2018Sale\u2019 is still in the picture", first.Verdict!.Reasons[0],
            StringComparison.Ordinal);
        Assert.Contains("is still in the picture", german.ComposedPrompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"localize":{"languages":["fr"],"text":{"de":"x"}}}""", "Nb.Localization.MissingLanguage")]
    [InlineData("""{"localize":{"text":{"de":""}}}""", "Nb.Localization.EmptyText")]
    [InlineData("""{"localize":{"text":"missing.csv"}}""", "Nb.File.NotFound")]
    [InlineData("""{"localize":{"languages":["de"]}}""", "Nb.Manifest.MissingField")]
    [InlineData("""{"localize":{"text":{"de":"x"},"template":"no-such"}}""", "Nb.Template.Unknown")]
    [InlineData("""{"localize":{"text":{"de":"x"},"langages":["de"]}}""", "Nb.Manifest.MisspelledProperty")]
    [InlineData("""{"localize":{"text":{"de":"x"},"from":"nobody"}}""", "Nb.Manifest.MissingSource")]
    [InlineData("""{"localize":"strings.csv"}""", "Nb.Manifest.WrongType")]
    public void Mistakes_are_reported_before_anything_is_sent(string json, string id)
    {
        using var fixture = new EmulatorFixture();

        NbException error = Assert.Throws<NbException>(() =>
            fixture.Manifest(json[..^1] + ""","items":[{"name":"hero","prompt":"a poster"}]}"""));

        Assert.Equal(id, error.ErrorId);
    }

    private static EmulatorOptions Misspelling(params int[] nth) => new()
    {
        Faults = FaultScript.Parse($$"""
            {"faults":[{"fault":"misspelling","path":"*image*","nth":[{{string.Join(',', nth)}}]}]}
            """),
    };
}
