using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Tests.Batches;

/// <summary>A matrix: each item in every combination of values.</summary>
public sealed class MatrixTests
{
    private const string Matrix = """
        {"matrix":{"light":["dawn","dusk"],"aspectRatio":["1:1","16:9"],"mood":["calm"]},"defaults":{"model":"nb2-lite"},
        "items":[{"name":"fox","prompt":"a fox at {light}"},{"name":"hat","from":"fox","edit":"a hat"}]}
        """;

    [Fact]
    public void A_matrix_fills_slots_sets_options_and_adds_other_values_to_the_prompt()
    {
        using var fixture = new EmulatorFixture();

        Manifest manifest = fixture.Manifest(Matrix);

        Assert.Equal(
            ["fox-dawn-1-1-calm", "fox-dawn-16-9-calm", "fox-dusk-1-1-calm", "fox-dusk-16-9-calm"],
            manifest.Items.Take(4).Select(item => item.Name));
        Assert.Equal(("a fox at dusk\n\nmood: calm.", "16:9"),
            (manifest.Items[3].Prompt, manifest.Items[3].AspectRatio));
        // An edit goes on from the picture of the same combination, which has the words.
        Assert.Equal(("hat-dusk-16-9-calm", "fox-dusk-16-9-calm", "a hat"),
            (manifest.Items[7].Name, manifest.Items[7].From, manifest.Items[7].Edit));
    }

    [Fact]
    public async Task Cells_are_made_once_and_listed_in_a_table()
    {
        using var fixture = new EmulatorFixture();
        Assert.Equal(8, (await fixture.RunAsync(Matrix)).Summary.Made);
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(fixture.Destination, "matrix.csv"));
        Assert.Equal((9, "name,aspectRatio,light,mood,state,file,usd"), (lines.Length, lines[0]));
        Assert.StartsWith("fox-dawn-16-9-calm,16:9,dawn,calm,Succeeded,fox-dawn-16-9-calm.jpg,0.", lines[2],
            StringComparison.Ordinal);
        // The folder's own manifest has the cells as items.
        Assert.Equal(8, (await fixture.RunAsync(null)).Summary.UpToDate);
        lines = await File.ReadAllLinesAsync(Path.Combine(fixture.Destination, "matrix.csv"));
        Assert.Contains(",UpToDate,", lines[2], StringComparison.Ordinal);
        // A value more makes only its own.
        (BatchSummary more, _) =
            await fixture.RunAsync(Matrix.Replace("[\"calm\"]", "[\"calm\",\"wild\"]", StringComparison.Ordinal));
        Assert.Equal((8, 8), (more.Made, more.UpToDate));
    }

    [Fact]
    public async Task A_run_of_a_shard_does_not_change_the_table()
    {
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(Matrix);
        string path = Path.Combine(fixture.Destination, "matrix.csv");
        string whole = await File.ReadAllTextAsync(path);

        await fixture.RunAsync(Matrix, new BatchOptions { Only = ["fox-dawn-*"] });
        await fixture.RunAsync(Matrix, new BatchOptions { Shard = new(1, 2) });

        Assert.Equal(whole, await File.ReadAllTextAsync(path));
    }

    [Theory]
    [InlineData("name,mine\r\n")]
    [InlineData("\uFEFFlight")]
    [InlineData("")]
    public async Task A_foreign_table_is_not_changed_and_is_reported(string text)
    {
        using var fixture = new EmulatorFixture();
        Directory.CreateDirectory(fixture.Destination);
        string path = Path.Combine(fixture.Destination, "matrix.csv");
        await File.WriteAllTextAsync(path, text);
        byte[] before = await File.ReadAllBytesAsync(path);
        using Batch batch = fixture.Open(Matrix);

        await foreach (BatchItem _ in batch.RunAsync()) { }

        Assert.Equal(before, await File.ReadAllBytesAsync(path));
        Assert.Contains(batch.TakeNotices(), notice => notice.Contains(path, StringComparison.Ordinal));
        Assert.Equal(8, batch.Summary.Made);
    }

    [Fact]
    public void Languages_are_made_of_every_cell()
    {
        using var fixture = new EmulatorFixture();

        Manifest manifest = fixture.Manifest("""
            {"matrix":{"light":["dawn","dusk"]},"localize":{"from":"fox","text":{"de":"Fuchs"}},
            "items":[{"name":"fox","prompt":"a fox"}]}
            """);

        Assert.Equal(["fox-dawn", "fox-dusk", "fox-dawn.de", "fox-dusk.de"], manifest.Items.Select(item => item.Name));
    }

    [Fact]
    public void Languages_are_made_once_for_every_item_even_if_one_has_the_name_of_a_cell()
    {
        using var fixture = new EmulatorFixture();

        Manifest manifest = fixture.Manifest("""
            {"matrix":{"light":["dawn"]},"localize":{"text":{"de":"Fuchs"}},
            "items":[{"name":"fox","prompt":"a fox"},{"name":"fox-dawn","prompt":"a fox at home"}]}
            """);

        Assert.Equal(["fox-dawn", "fox-dawn-dawn", "fox-dawn.de", "fox-dawn-dawn.de"],
            manifest.Items.Select(item => item.Name));
    }

    [Theory]
    [InlineData("""{"matrix":{"light":[]},"items":["a"]}""", "Nb.Manifest.InvalidMatrix")]
    [InlineData("""{"matrix":{"light":["a","A"]},"items":["a"]}""", "Nb.Manifest.InvalidMatrix")]
    [InlineData("""{"matrix":{"a b":["a"]},"items":["a"]}""", "Nb.Manifest.InvalidMatrix")]
    [InlineData("""{"matrix":["light"],"items":["a"]}""", "Nb.Manifest.WrongType")]
    public void An_invalid_matrix_is_refused(string json, string id)
    {
        using var fixture = new EmulatorFixture();

        Assert.Equal(id, Assert.Throws<NbException>(() => fixture.Manifest(json)).ErrorId);
    }

    [Fact]
    public void Too_many_combinations_are_refused() => Assert.Equal("Nb.Manifest.InvalidMatrix",
        Assert.Throws<NbException>(() => Manifest.FromObjects([[KeyValuePair.Create("prompt", (object?)"a")]], "/tmp")
            .Varied([.. Enumerable.Range(0, 5).Select(axis =>
                new MatrixAxis($"a{axis}", [.. Enumerable.Range(0, 9).Select(value => $"v{value}")]))])).ErrorId);

    [Theory]
    [InlineData("light=dawn, dusk", "light", 2)]
    [InlineData("light=dawn", "light", 1)]
    public void An_axis_is_read(string text, string name, int values)
    {
        MatrixAxis axis = MatrixAxis.Parse(text);
        Assert.Equal((name, values), (axis.Name, axis.Values.Length));
    }
}
