using System.Diagnostics;
using System.Text.Json;

namespace NanoBanana.Cli.Tests;

/// <summary><c>nb test</c>: whether pictures are what they should be, by the exit code.</summary>
public sealed class TestCommandTests(TestCommandTests.Pictures pictures) : IClassFixture<TestCommandTests.Pictures>
{
    [Theory]
    [InlineData("test", "-", "-", "--anchor", "fox")]
    [InlineData("test", "-", "--against", "-")]
    [InlineData("edit", "-", "-", "--offline", "--out", "twice.jpg")]
    public async Task Standard_input_is_one_picture(params string[] command)
    {
        ProgramRun run = await pictures.NbAsync(command);
        Assert.Equal(2, run.Code);
        Assert.Contains("Nb.Request.InputTwice", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_without_a_key_is_about_nb_test()
    {
        ProgramRun run = await pictures.NbAsync("test", "fox.jpg", "--anchor", "fox");
        Assert.NotEqual(0, run.Code);
        Assert.DoesNotContain("nb image", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_code_says_whether_pictures_keep_an_anchor()
    {
        Assert.Equal(0, (await NbAsync("test", "asleep.jpg", "--anchor", "fox", "--offline")).Code);
        ProgramRun both = await NbAsync("test", "asleep.jpg", "owl.jpg", "--anchor", "fox", "--offline", "--json");
        Assert.Equal(1, both.Code);
        JsonElement[] told =
            [.. both.Output.Trim().Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.Equal([true, false], told.Select(one => one.GetProperty("isAccepted").GetBoolean()));
        Assert.All(told, one => Assert.True(one.GetProperty("cost").GetDecimal() > 0));
    }

    [Fact]
    public async Task Measuring_needs_no_key()
    {
        Assert.Equal(0, (await NbAsync("test", "owl.jpg", "--against", "owl.jpg", "--maximum-drift", "0.5")).Code);
        Assert.Equal(1, (await NbAsync("test", "owl.jpg", "--against", "fox.jpg", "--maximum-drift", "0.5")).Code);
        ProgramRun narrow = await NbAsync("test", "owl.jpg", "--policy", "policy.json");
        Assert.Equal(1, narrow.Code);
        Assert.Contains("1024 pixels, at least 5000", narrow.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_is_respected_and_a_dry_run_only_reports_the_price()
    {
        ProgramRun plan = await NbAsync("test", "owl.jpg", "--anchor", "fox", "--dry-run", "--json");
        Assert.Equal(0, plan.Code);
        Assert.True(JsonSerializer.Deserialize<JsonElement>(plan.Output).GetProperty("estimatedCost").GetDecimal() > 0);
        ProgramRun stopped =
            await NbAsync("test", "owl.jpg", "--anchor", "fox", "--offline", "--max-cost", "0.00001");
        Assert.Equal(3, stopped.Code);
    }

    [Theory]
    [InlineData("Nb.Judge.NothingToCheck", 2, "test", "owl.jpg", "--offline")]
    [InlineData("Name it: --against", 2, "test", "owl.jpg", "--anchor", "fox", "--maximum-drift", "3", "--offline")]
    [InlineData("Nb.Judge.NothingToCheck", 2, "test", "owl.jpg", "--policy", "policy.json", "--minimum-score", "0.9",
        "--offline")]
    [InlineData("Nb.Judge.NothingJudged", 2, "test", "owl.jpg", "--against", "fox.jpg", "--votes", "3")]
    [InlineData("Nb.Judge.NoLetters", 2, "test", "owl.jpg", "--lettering", "", "--offline")]
    [InlineData("--prompt has no value", 2, "test", "owl.jpg", "--prompt", " ", "--offline")]
    [InlineData("Nb.File.NotFound", 2, "test", "missing.jpg", "--anchor", "fox", "--offline")]
    [InlineData("leave --votes out", 2, "image", "x", "--anchor", "fox", "--votes", "3", "--offline")]
    [InlineData("Nb.Judge.UnknownModel", 2, "image", "x", "--anchor", "fox", "--minimum-score", "0.8",
        "--judge-model", "none", "--offline")]
    [InlineData("Nb.File.NotFound", 2, "image", "x", "--reference", "missing.jpg", "--offline")]
    [InlineData("Nb.Request.EmptyOption", 2, "image", "x", "--policy", "", "--offline")]
    [InlineData("--maximum-drift out", 2, "image", "x", "--maximum-drift", "3", "--offline")]
    [InlineData("Nb.Picture.RegionOutside", 2, "edit", "owl.jpg", "x", "--region", "5000,1,9,9", "--offline")]
    [InlineData("Nb.Anchor.Unknown", 2, "test", "owl.jpg", "--anchor", "kael", "--offline")]
    [InlineData("--minimum-score must be", 2, "test", "owl.jpg", "--anchor", "fox", "--minimum-score", "NaN")]
    public async Task An_impossible_check_says_why(string said, int code, params string[] arguments)
    {
        ProgramRun run = await NbAsync(arguments);
        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_names_the_options_of_the_command()
    {
        ProgramRun run = await NbAsync("image", "a fox", "--size", "9K", "--offline");
        Assert.Contains("--size", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("'size'", run.Error, StringComparison.Ordinal);
    }

    private Task<ProgramRun> NbAsync(params string[] arguments) => pictures.NbAsync(arguments);

    /// <summary>A fox, an anchor of it, the fox again, and an owl.</summary>
    public sealed class Pictures : IAsyncLifetime, IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public async Task InitializeAsync()
        {
            await File.WriteAllTextAsync(_folder["policy.json"], """{"minimumWidth": 5000}""");
            foreach (string[] command in new[]
            {
                new[] { "image", "a red fox", "--out", "fox.jpg", "--offline" },
                ["anchor", "fox", "fox.jpg"],
                ["image", "the fox asleep", "--anchor", "fox", "--out", "asleep.jpg", "--offline"],
                ["image", "an owl", "--out", "owl.jpg", "--offline"],
            })
            {
                ProgramRun run = await NbAsync(command);
                Assert.True(run.Code == 0, run.Error);
            }
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _folder.Dispose();

        internal Task<ProgramRun> NbAsync(params string[] arguments)
        {
            var start =
                new ProcessStartInfo("dotnet", [NbServer.Program, .. arguments]) { WorkingDirectory = _folder.Path };
            foreach (string name in new[] { "GEMINI_API_KEY", "GOOGLE_API_KEY" }) start.Environment.Remove(name);
            return ProgramRun.OfAsync(start);
        }
    }
}
