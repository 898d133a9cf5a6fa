using System.Collections.Immutable;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Reports;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Batches;

public sealed class CostReportTests
{
    [Fact]
    public async Task Single_images_and_batches_add_up_to_the_bill()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(3));
        NbImage fox = await DrawAsync(fixture, "a fox");
        NbImage night = await DrawAsync(fixture, "make it night", fox);
        ImageFile.Save(night, Path.Combine(fixture.Folder, "singles", "night.jpg"));
        CostReport report = CostReport.Read([fixture.Folder]);
        CostLine all = Assert.Single(report.By(CostGrouping.None));
        // The fox was never saved, but its answer stands in the conversation of the night.
        Assert.Equal((5, fixture.Emulator.Statistics.BilledUsd), (all.Answers, all.Cost));
        Assert.InRange(all.EstimatedCost, all.Cost * 0.8m, all.Cost * 1.2m);
        Assert.Equal(2, report.By(CostGrouping.Folder).Length);
        Assert.Equal(2, report.By(CostGrouping.Model).Length);
        Assert.Empty(report.Warnings);
    }

    [Fact]
    public async Task Judgings_of_an_image_that_is_named_alone_are_its_own()
    {
        using var fixture = new EmulatorFixture();
        string fox = await fixture.DrawFileAsync("fox.jpg", "a fox");
        string owl = await fixture.DrawFileAsync("owl.jpg", "an owl");
        Directory.CreateDirectory(Path.GetDirectoryName(JudgingLog.PathFor(fixture.Folder))!);
        // The emulator's judgings are rehearsals, which cost nothing.
        foreach ((string path, decimal usd) in new[] { (fox, 0.25m), (owl, 1m), (fox, 0.5m) })
        {
            var line = new JudgingLine(DateTimeOffset.UtcNow, ImageFile.Import(path).Sha256, "a-judge", usd, false);
            File.AppendAllText(JudgingLog.PathFor(Path.GetDirectoryName(path)!), $"\n{line.ToJson()}\n");
        }

        Assert.Equal((2, 0.75m), JudgingsOf(fox));
        Assert.Equal((1, 1m), JudgingsOf(owl));
        Assert.Equal((3, 1.75m), JudgingsOf(fox, owl));
        Assert.Equal((3, 1.75m), JudgingsOf(Path.GetDirectoryName(fox)!, owl));

        static (int, decimal) JudgingsOf(params string[] paths)
        {
            CostLine line = Assert.Single(CostReport.Read(paths).By(CostGrouping.None));
            return (line.Judgings, line.JudgingCost);
        }
    }

    // Gateways drop the id.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Equal_pictures_of_two_answers_count_twice(bool haveIds)
    {
        using var fixture = new EmulatorFixture();
        foreach (string name in new[] { "one", "two", "copy of two" })
        {
            NbImage image = name == "copy of two" ? ImageFile.Import(Path.Combine(fixture.Folder, "singles", "two.jpg"))
                : await DrawAsync(fixture, "a fox");
            if (!haveIds) image = image with { Provenance = image.Provenance! with { ResponseId = null } };
            ImageFile.Save(image, Path.Combine(fixture.Folder, "singles", $"{name}.jpg"));
        }
        CostLine all = Assert.Single(CostReport.Read([fixture.Folder]).By(CostGrouping.None));
        Assert.Equal((2, fixture.Emulator.Statistics.BilledUsd), (all.Answers, all.Cost));
    }

    [Fact]
    public async Task No_answer_is_counted_twice()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(2));
        CostLine once = Assert.Single(CostReport.Read([fixture.Folder]).By(CostGrouping.None));
        // A copy of a picture, one beside its own batch, an edit of one, and a copy of the whole folder.
        NbImage picture = ImageFile.Import(Path.Combine(fixture.Destination, "item-1.jpg"));
        ImageFile.Save(picture, Path.Combine(fixture.Folder, "chosen", "best.jpg"));
        ImageFile.Save(picture, Path.Combine(fixture.Destination, "best.jpg"));
        Directory.CreateDirectory(Path.Combine(fixture.Folder, "backup"));
        foreach (string file in Directory.GetFiles(fixture.Destination))
        {
            File.Copy(file, Path.Combine(fixture.Folder, "backup", Path.GetFileName(file)));
        }
        Assert.Equal(once, Assert.Single(CostReport.Read([fixture.Folder, fixture.Destination]).By(CostGrouping.None)));
        NbImage edit = await DrawAsync(fixture, "with a scarf", picture);
        ImageFile.Save(edit, Path.Combine(fixture.Folder, "chosen", "scarf.jpg"));
        CostLine more = Assert.Single(CostReport.Read([fixture.Folder]).By(CostGrouping.None));
        Assert.Equal((3, fixture.Emulator.Statistics.BilledUsd), (more.Answers, more.Cost));
    }

    [Fact]
    public async Task A_picture_whose_line_was_lost_in_a_crash_is_counted_once()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(2));
        string ledger = Path.Combine(fixture.Destination, "ledger.jsonl");
        string[] lines = File.ReadAllLines(ledger);
        File.WriteAllLines(ledger,
            lines.Where(line => !line.Contains("\"event\":\"saved\"", StringComparison.Ordinal)));
        Assert.Equal(2, CostReport.Read([fixture.Folder]).By(CostGrouping.None)[0].Answers);
    }

    [Fact]
    public async Task Days_limit_the_report_and_unreadable_files_are_reported()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(EmulatorFixture.Many(1));
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        Assert.Empty(CostReport.Read([fixture.Folder], from: today.AddDays(2)).Lines);
        Assert.Empty(CostReport.Read([fixture.Folder], to: today.AddDays(-2)).Lines);
        Assert.Single(CostReport.Read([fixture.Folder], today.AddDays(-1), today.AddDays(1)).Lines);
        File.WriteAllText(Path.Combine(fixture.Folder, "x.jpg.nb.json"), "{");
        CostReport report = CostReport.Read([fixture.Folder]);
        Assert.Contains("x.jpg.nb.json", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Single(report.Lines);
        Assert.Throws<NbException>(() => CostReport.Read([Path.Combine(fixture.Folder, "none")]));
    }

    [Fact]
    public async Task Cost_is_uncertain_only_without_an_answer()
    {
        FaultScript faults = FaultScript.Parse("""{"faults":[{"fault":"resetDuring","nth":[2],"bytes":100}]}""");
        using var fixture = new EmulatorFixture(new EmulatorOptions { Faults = faults });
        await fixture.RunAsync(EmulatorFixture.Many(3), new BatchOptions { ThrottleLimit = 1 });
        CostLine line = Assert.Single(CostReport.Read([fixture.Folder]).Lines);
        Assert.Equal((2, 1), (line.Answers, line.Uncertain));
        Assert.True(line.UncertainCost > 0);
        // One that came and could not be saved: a folder has taken its place.
        foreach (string extension in new[] { "jpg", "png" })
        {
            Directory.CreateDirectory(Path.Combine(fixture.Destination, $"x.{extension}"));
        }
        (BatchSummary summary, _) =
            await fixture.RunAsync("""{"items":[{"name":"x","prompt":"x","model":"nb2-lite"}]}""");
        Assert.Equal(1, summary.Uncertain);
        CostLine more = Assert.Single(CostReport.Read([fixture.Folder]).Lines);
        Assert.Equal((3, 1), (more.Answers, more.Uncertain));
    }

    private static async Task<NbImage> DrawAsync(EmulatorFixture fixture, string prompt, NbImage? source = null)
    {
        PreparedRequest request =
            fixture.Service.Prepare(new ImageRequest { Prompt = prompt, Model = source?.Model, Source = source });
        ImmutableArray<NbImage> images = await fixture.Service.SendAsync(request, BlobSink.Memory);
        return images[^1];
    }
}
