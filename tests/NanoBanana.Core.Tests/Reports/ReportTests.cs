using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Reports;

namespace NanoBanana.Tests.Reports;

public sealed class ReportTests
{
    private const string Nasty = "</script><script>alert(1)</script> {{data}} <img src=x onerror=alert(1)>";

    [Fact]
    public async Task The_page_of_a_batch_shows_failed_items_and_those_that_depended_on_them()
    {
        using var batch = new EmulatorFixture();
        await batch.RunAsync("""
            {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},"items":[
              {"name":"good","prompt":"a pot"},
              {"name":"bad","prompt":"a pot [[IMAGE_SAFETY]]"},
              {"name":"after-bad","from":"bad","edit":"make it red"},
              {"name":"after-good","from":"good","edit":"make it red"}]}
            """);

        Report report = ReportReader.Read(batch.Destination);

        Assert.Equal(["good", "bad", "after-bad", "after-good"], report.Items.Select(item => item.Name));
        Assert.Equal(["Succeeded", "Failed", "Blocked", "Succeeded"], report.Items.Select(item => item.State));
        Assert.Equal([null, null, 1, 0], report.Items.Select(item => item.Parent));
        Assert.Contains("IMAGE_SAFETY", report.Items[1].Message);
        Assert.NotEmpty(report.Items[1].Advice!);
        Assert.Equal("make it red", report.Items[2].Prompt);
        Assert.True(report.Items[0].Cost > 0);
        Assert.Equal(report.Cost, report.Items.Sum(item => item.Cost ?? 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public void Foreign_text_never_becomes_markup(int times)
    {
        string prompt = string.Concat(Enumerable.Repeat(Nasty, times));
        string page =
            ReportPage.Render(
            ReportOf(new ReportItem { Name = Nasty, State = "Failed", Prompt = prompt, Message = Nasty }) with { Title =
            Nasty }, "/tmp", WordList.Empty);

        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.Equal(prompt, DataOf(page).GetProperty("items")[0].GetProperty("prompt").GetString());
    }

    [Fact]
    public void Only_the_page_s_own_script_and_style_may_run()
    {
        string page = ReportPage.Render(ReportOf(), "/tmp", WordList.Empty);

        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src {HashOf(page, "<script>(.*?)</script>")};", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src {HashOf(page, "<style>(.*?)</style>")};", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_style_of_a_search_entry_point_is_allowed_by_its_hash_and_nothing_else_of_it()
    {
        JsonElement raw = JsonDocument.Parse("""
            {"searchEntryPoint":{"renderedContent":"<style>.chip{color:red}</style><script>x()</script><div style='color:blue'>q</div>"},
             "groundingChunks":[{"web":{"uri":"https://example.org/a","title":"A"}},{"web":{"uri":"https://example.org/a","title":"A"}}]}
            """).RootElement;
        var image = new NbImage { Data = NanoBanana.Storage.Blob.FromBytes(new byte[1]), Format = PictureFormat.Png,
            Provenance = new Provenance { Grounding = raw } };

        string page =
            ReportPage.Render(
                ReportOf(new ReportItem { Name = "a", State = "Succeeded", Image = image }), "/tmp", WordList.Empty);

        string hash = Convert.ToBase64String(SHA256.HashData(".chip{color:red}"u8));
        Assert.Contains($"'sha256-{hash}'; script-src 'sha256-", page, StringComparison.Ordinal);
        Assert.Equal(1,
            DataOf(page).GetProperty("items")[0].GetProperty("grounding").GetProperty("sources").GetArrayLength());
    }

    [Fact]
    public async Task Sidecars_that_name_each_other_as_parents_do_not_cause_an_endless_loop()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage first = ImageFile.Save(await fixture.DrawAsync("one"), folder["one.jpg"]);
        NbImage second = ImageFile.Save(await fixture.DrawAsync("two"), folder["two.jpg"]);
        SetParent(first, second.Sha256);
        SetParent(second, first.Sha256);

        Report report = ReportReader.Read(folder.Path);

        Assert.All(report.Items, item => Assert.Null(item.Parent));
    }

    [Fact]
    public async Task A_sidecar_cannot_name_files_outside_of_its_store()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new EmulatorFixture();
        NbImage image = ImageFile.Save(await fixture.DrawAsync("one"), folder["one.jpg"]);
        SetParent(image, "../../../../../etc/passwd");

        ReportItem item = Assert.Single(ReportReader.Read(folder.Path).Items);

        Assert.Null(item.Before);
    }

    [Fact]
    public void A_missing_folder_is_an_error() =>
        Assert.Equal("Nb.File.NotFound",
            Assert.Throws<NbException>(() => ReportReader.Read("/nowhere/at/all")).ErrorId);

    private static Report ReportOf(params ImmutableArray<ReportItem> items) =>
        new() { Title = "Test", Folder = "/tmp", Items = items };

    private static JsonElement DataOf(string page) => JsonDocument.Parse(
        Regex.Match(page, "<script id=\"data\" type=\"application/json\">(.*?)</script>",
            RegexOptions.Singleline).Groups[1].Value).RootElement;

    private static string HashOf(string page, string pattern) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Regex.Match(page, pattern, RegexOptions.Singleline).Groups[1].Value)))}'";

    private static void SetParent(NbImage image, string hash)
    {
        string path = image.Path + ".nb.json";
        File.WriteAllText(path,
            File.ReadAllText(path)
            .Replace("\"conversation\":", $"\"parent\": \"{hash}\",\n  \"conversation\":", StringComparison.Ordinal));
    }
}
