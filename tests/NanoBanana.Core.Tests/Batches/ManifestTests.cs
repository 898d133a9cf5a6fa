using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Tests.Batches;

public sealed class ManifestTests : IDisposable
{
    private readonly EmulatorFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("""{"items":[]}""", "Nb.Manifest.Empty")]
    [InlineData("{}", "Nb.Manifest.Empty")]
    [InlineData("""{"items":[{"prompt":"a fox"}]}""", "Nb.Manifest.MissingField")]
    [InlineData("""{"items":[{"name":"a"}]}""", "Nb.Manifest.MissingField")]
    [InlineData("""{"items":[{"name":"a","prompt":"  "}]}""", "Nb.Manifest.MissingField")]
    [InlineData("""{"items":[{"name":"a","from":"b"},{"name":"b","prompt":"x"}]}""", "Nb.Manifest.MissingField")]
    [InlineData("""{"items":[{"name":"a","edit":"b"}]}""", "Nb.Manifest.MissingField")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","from":"b"},{"name":"b","prompt":"y"}]}""",
        "Nb.Manifest.AmbiguousItem")]
    [InlineData("""{"items":[{"name":"a","prompt":"x"},{"name":"a","prompt":"y"}]}""", "Nb.Manifest.DuplicateName")]
    [InlineData("""{"items":[{"name":"a","prompt":"x"},{"name":"A","prompt":"y"}]}""", "Nb.Manifest.SameFile")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"pic.png"},{"name":"pic","prompt":"y"}]}""",
        "Nb.Manifest.SameFile")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"./b/./c.png"},{"name":"c","prompt":"y","outFile":"B\\C"}]}""",
        "Nb.Manifest.SameFile")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"x/com1/a"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"a","from":"nowhere","edit":"y"}]}""", "Nb.Manifest.MissingSource")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"../a.png"}]}""", "Nb.Manifest.PathEscapes")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"b/../../a"}]}""", "Nb.Manifest.PathEscapes")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"/tmp/a"}]}""", "Nb.Manifest.PathEscapes")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":"C:\\a"}]}""", "Nb.Manifest.PathEscapes")]
    [InlineData("""{"items":[{"name":"a","prompt":"x","outFile":".nb/a"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"a/b","prompt":"x"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"con","prompt":"x"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"LPT1.final","prompt":"x"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"what?","prompt":"x"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"dot.","prompt":"x"}]}""", "Nb.Manifest.InvalidName")]
    [InlineData("""{"items":[{"name":"a","prompt":["x"]}]}""", "Nb.Manifest.Invalid")]
    [InlineData("""{"items":["x",7]}""", "Nb.Manifest.Invalid")]
    [InlineData("""{"anchors":[{"name":"k"}],"items":["x"]}""", "Nb.Manifest.MissingField")]
    [InlineData("[", "Nb.Manifest.InvalidJson")]
    [InlineData("", "Nb.Manifest.InvalidJson")]
    public void Wrong_manifests_are_refused(string json, string id)
    {
        NbException e = Assert.Throws<NbException>(() => _fixture.Manifest(json));
        Assert.Equal(id, e.ErrorId);
    }

    [Theory]
    [InlineData("m.json", """{"store":false,"Model":"nb-pro","items":[{"name":"a","prompt":"x"}]}""")]
    [InlineData("m.json", """
        {"defaults":{"model":"nb-pro"},"items":[{"name":"a","prompt":"x"}],"model":"nb2","store":false}
        """)]
    [InlineData("m.jsonl", """
        {"store":false,"model":"nb-pro"}
        {"name":"a","prompt":"x"}
        """)]
    public void An_option_beside_the_items_is_a_default(string name, string text)
    {
        Manifest manifest = Manifest.Load(_fixture.Write(name, text));
        Assert.Equal(("nb-pro", false), (manifest.Defaults.Model, manifest.Defaults.Store));
        Assert.Single(manifest.Items);
        Assert.Empty(manifest.Warnings);
        NbException e = Assert.Throws<NbException>(() =>
            _fixture.Manifest("""{"noStore":true,"items":[{"name":"a","prompt":"x"}]}"""));
        Assert.Contains("'store'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_json_is_named_with_line_and_column()
    {
        NbException e =
            Assert.Throws<NbException>(() => _fixture.Manifest("{\n  \"items\": [\n    {\"name\" \"a\"}\n]}"));
        Assert.Equal("Nb.Manifest.InvalidJson", e.ErrorId);
        Assert.Contains("line 3, column 13", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_line_of_json_lines_is_named()
    {
        string path = _fixture.Write("m.jsonl", "{\"name\":\"a\",\"prompt\":\"x\"}\n\n{\"name\":\"b\",}}\n");
        NbException e = Assert.Throws<NbException>(() => Manifest.Load(path));
        Assert.Equal("Nb.Manifest.InvalidJson", e.ErrorId);
        Assert.Contains("line 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_is_named()
    {
        NbException e = Assert.Throws<NbException>(() => _fixture.Manifest("""
            {"items":[{"name":"z","from":"a","edit":"x"},{"name":"a","from":"c","edit":"x"},{"name":"b","from":"a","edit":"x"},{"name":"c","from":"b","edit":"x"}]}
            """));
        Assert.Equal("Nb.Manifest.Cycle", e.ErrorId);
        Assert.Contains("a <- c <- b <- a", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_together()
    {
        NbException e = Assert.Throws<NbException>(() => _fixture.Manifest("""
            {"items":[{"name":"a"},
            {"name":"b","from":"x","edit":"y"},
            {"name":"b","prompt":"x"}]}
            """));
        Assert.Equal("Nb.Manifest.Invalid", e.ErrorId);
        var all = Assert.IsType<AggregateException>(e.InnerException);
        Assert.Equal(["Nb.Manifest.MissingField", "Nb.Manifest.MissingSource", "Nb.Manifest.DuplicateName"],
            all.InnerExceptions.Cast<NbException>().Select(problem => problem.ErrorId));
        Assert.Contains("line 2, column 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_requests_are_reported_together_with_their_items()
    {
        Manifest manifest = _fixture.Manifest("""
            {"items":[{"name":"a","prompt":"x","size":"8K"},
            {"name":"b","prompt":"x","anchors":["nobody"]},
            {"name":"c","prompt":"x"}]}
            """);
        NbException e = Assert.Throws<NbException>(() => BatchPlan.Create(manifest, _fixture.Service));
        Assert.Equal(["Nb.Request.UnsupportedSize", "Nb.Anchor.Unknown"],
            ((AggregateException)e.InnerException!).InnerExceptions.Cast<NbException>()
                .Select(problem => problem.ErrorId));
        Assert.Contains("manifest.json, line 1, column 11: The item 'a'", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _fixture.Emulator.Statistics.Requests);
    }

    [Fact]
    public void An_unknown_property_causes_a_warning_with_the_most_similar_name()
    {
        Manifest manifest = _fixture.Manifest("""{"items":[{"name":"a","prompt":"x","ground":"brown","color":""}]}""");
        string warning = Assert.Single(manifest.Warnings);
        Assert.Contains("'ground'", warning, StringComparison.Ordinal);
        Assert.Contains("'grounding'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_column_is_reported_once()
    {
        Manifest manifest = Manifest.FromObjects(
            Enumerable.Range(1, 50)
                .Select(i => new Dictionary<string, object?> { ["prompt"] = $"picture {i}", ["Campaign"] = "spring" }),
                _fixture.Folder);
        string warning = Assert.Single(manifest.Warnings);
        Assert.Contains("'Campaign'", warning, StringComparison.Ordinal);
        Assert.Contains("50 places", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sise", "size")]
    [InlineData("Achnors", "anchors")]
    [InlineData("anchor1", "anchors")]
    [InlineData("aspectRation", "aspectRatio")]
    [InlineData("Ratio", "aspectRatio")]
    [InlineData("Source", "from")]
    [InlineData("instruction", "edit")]
    [InlineData("picture", "references")]
    public void A_column_that_is_almost_known_is_refused_before_anything_is_paid(string column, string meant)
    {
        NbException e = Assert.Throws<NbException>(() => Manifest.FromObjects(
            Enumerable.Range(1, 50)
                .Select(i => new Dictionary<string, object?> { ["prompt"] = $"picture {i}", [column] = "said" }),
                _fixture.Folder));
        Assert.Equal("Nb.Manifest.MisspelledProperty", e.ErrorId);
        Assert.Contains(
            $"Row 1: An item has an unknown property '{column}'. Did you mean '{meant}'? It stands in 50 places.",
            e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_unknown_column_is_ignored()
    {
        Manifest manifest =
            Manifest.FromObjects(
            [new Dictionary<string, object?> { ["prompt"] = "x", ["Ratio"] = "", ["Note"] = null }], _fixture.Folder);
        Assert.Empty(manifest.Warnings);
    }

    [Fact]
    public void Singular_names_and_other_spellings_of_a_column_are_accepted()
    {
        Manifest manifest = Manifest.FromObjects(
            [new Dictionary<string, object?> { ["prompt"] = "x", ["Anchor"] = "kael", ["Reference"] = "a.png",
                ["Aspect Ratio"] = "1:1", ["out_file"] = "b" }],
            _fixture.Folder);
        ManifestItem item = Assert.Single(manifest.Items);
        Assert.Equal<string>(["kael"], item.Anchors!.Value);
        Assert.Equal("a.png", Assert.Single(item.References!.Value).Picture.Path);
        Assert.Equal("1:1", item.AspectRatio);
        Assert.Equal("b", item.OutFile);
        Assert.Empty(manifest.Warnings);
    }

    [Fact]
    public void A_property_given_twice_is_refused()
    {
        NbException e =
            Assert.Throws<NbException>(() =>
            _fixture.Manifest("""{"items":[{"name":"a","prompt":"x","anchor":"k","anchors":["l"]}]}"""));
        Assert.Equal("Nb.Manifest.DuplicateProperty", e.ErrorId);
    }

    [Fact]
    public void Blank_rows_are_skipped_and_wrong_rows_are_named_by_number()
    {
        static Dictionary<string, object?> Row(string name, string? prompt) =>
            new() { ["name"] = name, ["prompt"] = prompt };
        Manifest manifest = Manifest.FromObjects([Row("", ""), Row("a", "x"), Row(" ", null)], _fixture.Folder);
        Assert.Equal("a", Assert.Single(manifest.Items).Name);

        NbException e =
            Assert.Throws<NbException>(() =>
            Manifest.FromObjects([Row("", ""), Row("a", "x"), Row("b", "")], _fixture.Folder));
        Assert.Equal("Nb.Manifest.MissingField", e.ErrorId);
        Assert.Contains("Row 3: The item 'b' has no 'prompt'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed", "a whole number")]
    [InlineData("rebase", "true or false")]
    public void A_value_of_the_wrong_sort_is_named(string property, string expected)
    {
        NbException e = Assert.Throws<NbException>(() => Manifest.FromObjects(
            [new Dictionary<string, object?> { ["name"] = "fox", ["prompt"] = "a fox", [property] = "perhaps" }],
                _fixture.Folder));
        Assert.Equal($"Row 1: The '{property}' of the item 'fox' must be {expected}.", e.Message);
    }

    [Fact]
    public void A_requested_name_that_does_not_exist_is_reported()
    {
        Manifest manifest = _fixture.Manifest(EmulatorFixture.Many(2));
        BatchPlan plan = BatchPlan.Create(manifest, _fixture.Service, new BatchOptions { Only = ["item-*", "hero*"] });
        Assert.Contains("hero*", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_lines_may_begin_with_a_line_of_defaults()
    {
        string path = _fixture.Write("m.jsonl", """
            {"defaults":{"size":"2K"}}
            {"name":"a","prompt":"x"}
            {"name":"b","from":"a","edit":"y","anchors":["k"]}
            """);
        Manifest manifest = Manifest.Load(path);
        Assert.Equal("2K", manifest.Defaults.Size);
        Assert.Equal(["a", "b"], manifest.Items.Select(item => item.Name));
        Assert.Equal("k", Assert.Single(manifest.Items[1].Anchors!.Value));
    }

    [Fact]
    public void A_line_with_an_edition_or_webhooks_applies_to_all_unless_it_is_an_item()
    {
        string path = _fixture.Write("m.jsonl", """
            {"edition":"2026-W48"}
            {"webhooks":["https://studio.example/done"]}
            {"name":"a","prompt":"x","edition":"first"}
            {"from":"a","edit":"y","name":"b","webhooks":["mine"]}
            """);
        Manifest manifest = Manifest.Load(path);
        Assert.Equal("2026-W48", manifest.Edition);
        Assert.Equal(["https://studio.example/done"], (string[])[.. manifest.Webhooks]);
        Assert.Equal(["a", "b"], manifest.Items.Select(item => item.Name));
    }

    [Fact]
    public void Rows_of_a_table_are_items()
    {
        Manifest manifest = Manifest.FromObjects(
            [
                new Dictionary<string, object?> { ["NAME"] = "a", ["Prompt"] = "x", ["size"] = "",
                    ["anchors"] = "kael; fox", ["seed"] = "7" },
                new Dictionary<string, object?> { ["prompt"] = "Two foxes!", ["size"] = 512, ["imageOnly"] = true },
                new Dictionary<string, object?> { ["prompt"] = "two foxes" },
            ],
            _fixture.Folder);
        Assert.Equal(["a", "two-foxes", "two-foxes-2"], manifest.Items.Select(item => item.Name));
        Assert.Null(manifest.Items[0].Size);
        Assert.Equal<string>(["kael", "fox"], manifest.Items[0].Anchors!.Value);
        Assert.Equal(7, manifest.Items[0].Seed);
        Assert.Equal("512", manifest.Items[1].Size);
        Assert.True(manifest.Items[1].ImageOnly);
    }

    [Fact]
    public void An_edit_keeps_size_and_ratio_of_its_source()
    {
        BatchPlan plan = BatchPlan.Create(_fixture.Manifest("""
            {"defaults":{"size":"1K"},"items":[{"name":"a","prompt":"x","size":"2K"},{"name":"b","from":"a","edit":"y"}]}
            """), _fixture.Service);
        Assert.True(plan.Items[1].EstimatedCost > plan.Items[0].EstimatedCost);
    }

    [Fact]
    public void Utf16_as_windows_powershell_writes_it_is_read()
    {
        string path = Path.Combine(_fixture.Folder, "m.json");
        File.WriteAllText(path, """{"items":[{"name":"a","prompt":"grün"}]}""", System.Text.Encoding.Unicode);
        Assert.Equal("grün", Manifest.Load(path).Items[0].Prompt);
    }
}
