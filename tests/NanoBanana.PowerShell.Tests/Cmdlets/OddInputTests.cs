using System.Collections;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

/// <summary>What is not a prompt is refused by name before it costs; what a row says is done as a manifest does
/// it.</summary>
public sealed class OddInputTests : IDisposable
{
    private readonly OfflineSession _offline = OfflineSession.Connected();

    public void Dispose() => _offline.Dispose();

    [Theory]
    [InlineData("Nb.Manifest.MisreadTable", "-Delimiter", "name;prompt;size", "fox;a red fox;1K")]
    [InlineData("Nb.Manifest.MisreadTable", "sep=", "sep=;", "name;prompt")]
    [InlineData("Nb.Manifest.MisspelledProperty", "prompt", "promt", "a fox")]
    [InlineData("Nb.Manifest.MisspelledProperty", "aspectRatio", "prompt", "a fox", "aspect", "16:9", "ratio", "16:9")]
    [InlineData("Nb.Request.NotAPrompt", "prompt", "color", "red")]
    [InlineData("Nb.Manifest.MisreadTable", "-Encoding", "pr\uFFFDmpt", "a fox")]
    [InlineData("Nb.Manifest.BrokenText", "-Encoding", "prompt", "a f\uFFFDx")]
    public void A_row_without_known_columns_is_refused(string errorId, string advice, params string[] cells)
    {
        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(input: [Row(cells)]);

        ErrorRecord error = Assert.Single(run.Errors);
        Assert.Contains(errorId, error.FullyQualifiedErrorId + error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Exception.Message + error.ErrorDetails?.RecommendedAction,
            StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Journal());
    }

    [Fact]
    public void Values_that_are_not_text_are_refused_once_for_each_type()
    {
        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(
            input: [Noted((byte)1), Noted((byte)2), 7, true, "a fox", DateTime.UnixEpoch]);

        Assert.Equal("a fox", Assert.IsType<NbImage>(Assert.Single(run.Output)).Prompt);
        Assert.Equal(4, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.StartsWith("Nb.Request.NotAPrompt,", error.FullyQualifiedErrorId));
    }

    [Fact]
    public void Piped_bytes_of_a_file_are_not_separate_edits()
    {
        string path = _offline.Save(_offline.NewImage()).Path!;
        int before = Journal().Count;

        PipelineRun run = _offline.Session.Invoke<InvokeNbEditCommand>(
            new { Instruction = "x" }, input: [.. File.ReadAllBytes(path).Take(9).Select(b => (object)Noted(b, path))]);

        Assert.StartsWith("Nb.File.NotAnImageInput,", run.SingleError().FullyQualifiedErrorId);
        Assert.Equal(before, Journal().Count);
    }

    [Fact]
    public void Broken_characters_are_not_drawn()
    {
        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(input: ["caf\uFFFD at night"]);

        Assert.StartsWith("Nb.Request.BrokenText,", run.SingleError().FullyQualifiedErrorId);
        Assert.Empty(Journal());
    }

    [Fact]
    public void A_row_has_every_column_of_a_manifests_item()
    {
        _offline.Session.Invoke<SetNbAnchorCommand>(new { Name = "fox" }, input: [_offline.NewImage("fox")])
            .Succeeded();
        string picture = _offline.Save(_offline.NewImage("an owl")).Path!;
        var row = new Hashtable
        {
            ["prompt"] = "a poster", ["anchors"] = "fox", ["references"] = picture, ["aspect_ratio"] = "16:9",
                ["Size"] = "2K", ["seed"] = "7",
            ["thinking level"] = "high", ["safetyThreshold"] = "BLOCK_NONE", ["grounding"] = "web", ["name"] = "poster",
                ["destination"] = "out",
            ["model"] = null, ["edit"] = "",
        };

        NbImage image = _offline.Session.Invoke<NewNbImageCommand>(input: [row]).Succeeded().Single<NbImage>();

        Assert.Equal("fox", Assert.Single(image.Anchors));
        Assert.Equal(2, image.References.Length);
        Assert.Equal(("16:9", "2K"), (image.AspectRatio, image.Size));
        Assert.StartsWith(_offline.File("out", "poster."), image.Path);
        NbImage same = _offline.Session.Invoke<NewNbImageCommand>(new
        {
            Prompt = "a poster", Anchor = "fox", Reference = picture, AspectRatio = "16:9", Size = "2K", Seed = 7,
                ThinkingLevel = "high",
            SafetyThreshold = "BLOCK_NONE", Grounding = "web",
        }).Succeeded().Single<NbImage>();
        Assert.Equal(same.RequestHash, image.RequestHash);
    }

    [Fact]
    public void An_edit_row_has_every_column_of_a_manifests_item()
    {
        string picture = _offline.Save(_offline.NewImage("an owl")).Path!;

        NbImage image = _offline.Session.Invoke<InvokeNbEditCommand>(
            input: [Row("from", picture, "edit", "at night", "aspect_ratio", "16:9", "rebase", "true", "seed", "7")])
                .Succeeded().Single<NbImage>();

        Assert.Equal(("at night", "16:9", 2), (image.Prompt, image.AspectRatio, image.Conversation!.Turns.Length));
    }

    [Fact]
    public void A_null_value_counts_as_omitted()
    {
        NbImage image = _offline.Session.Invoke<NewNbImageCommand>(
            new Dictionary<string, object?> { ["Prompt"] = "a fox", ["Reference"] = null, ["Anchor"] = null,
                ["Grounding"] = null }!).Succeeded().Single<NbImage>();
        Assert.Empty(image.References);
    }

    [Fact]
    public void A_piped_image_repeats_its_whole_request()
    {
        _offline.Session.Invoke<SetNbAnchorCommand>(new { Name = "fox" }, input: [_offline.NewImage("fox")])
            .Succeeded();
        NbImage draft = _offline.Session.Invoke<NewNbImageCommand>(
            new { Prompt = "a fox poster", Anchor = "fox", ThinkingLevel = "high", Grounding = "web" })
                .Single<NbImage>();

        NbImage again = _offline.Session.Invoke<NewNbImageCommand>(input: [draft]).Succeeded().Single<NbImage>();
        Assert.Equal(draft.RequestHash, again.RequestHash);

        NbImage final = _offline.Session.Invoke<NewNbImageCommand>(new { Model = "final", Size = "4K" }, input: [draft])
            .Succeeded().Single<NbImage>();
        Assert.Equal("fox", Assert.Single(final.Anchors));
        Assert.Contains("the character fox", final.ComposedPrompt);
    }

    [Fact]
    public void A_piped_image_without_a_full_record_is_refused()
    {
        NbImage draft =
            _offline.Session.Invoke<NewNbImageCommand>(new { Prompt = "a fox", SystemInstruction = "in oil" })
            .Single<NbImage>();
        int before = Journal().Count;

        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(input: [draft]);

        Assert.StartsWith("Nb.Request.NotRepeatable,", run.SingleError().FullyQualifiedErrorId);
        Assert.Equal(before, Journal().Count);
    }

    [Fact]
    public void A_batch_refuses_an_image_and_a_number()
    {
        foreach ((object input, string errorId) in new[] { ((object)_offline.NewImage(), "Nb.Request.NotRepeatable"),
            (7, "Nb.Request.NotAPrompt") })
        {
            PipelineRun run =
                _offline.Session.Invoke<StartNbBatchCommand>(new { Destination = "batch" }, input: ["a fox", input]);
            Assert.StartsWith(errorId + ",", run.SingleError().FullyQualifiedErrorId);
        }
    }

    [Fact]
    public void An_image_is_emitted_before_a_warning_ends_the_command()
    {
        PipelineRun run =
            _offline.Session.Invoke<NewNbImageCommand>(
            new { Prompt = "a fox", OutFile = "fox.png", WarningAction = "Stop" });

        Assert.Single(run.Output);
        Assert.True(File.Exists(_offline.File("fox.jpg")));
    }

    private IReadOnlyList<object?> Journal() =>
        _offline.Session.Invoke<GetNbEmulatorCommand>(new { Journal = true }).Output;

    private static PSObject Noted(object value, string? path = null)
    {
        PSObject noted = new(value);
        noted.Properties.Add(new PSNoteProperty("PSPath", path ?? "fox.jpg"));
        noted.Properties.Add(new PSNoteProperty("Prompt", "a fox"));
        return noted;
    }

    private static PSObject Row(params string[] cells)
    {
        var row = new PSObject();
        for (int i = 0; i < cells.Length; i += 2) row.Properties.Add(new PSNoteProperty(cells[i], cells[i + 1]));
        return row;
    }
}
