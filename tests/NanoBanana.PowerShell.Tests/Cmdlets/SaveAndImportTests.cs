using NanoBanana.Images;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class SaveAndImportTests : IDisposable
{
    private readonly OfflineSession _offline = OfflineSession.Connected();

    public void Dispose() => _offline.Dispose();

    [Fact]
    public void Saving_twice_numbers_the_second()
    {
        NbImage image = _offline.NewImage();

        string? first = _offline.Save(image).Path;
        string? second = _offline.Save(image).Path;

        Assert.NotEqual(first, second);
        Assert.True(File.Exists(first) && File.Exists(second));
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        PipelineRun run = _offline.Session.Invoke<SaveNbImageCommand>(
            new { Destination = "shots", WhatIf = true }, input: [_offline.NewImage()]);

        Assert.Single(run.HostLines);
        Assert.False(Directory.Exists(_offline.File("shots")));
    }

    [Fact]
    public void A_file_object_from_the_pipeline_is_imported_by_its_full_name()
    {
        NbImage saved = _offline.Save(_offline.NewImage());
        NbImage image = _offline.Session.Invoke<ImportNbImageCommand>(input: [new FileInfo(saved.Path!)])
            .Single<NbImage>();
        Assert.Equal(saved.Sha256, image.Sha256);
    }

    [Fact]
    public void A_picture_is_read_out_of_an_answer_that_was_kept()
    {
        NbImage image = _offline.NewImage();
        string path = _offline.File("20261127-120000-0123456789ab.json");
        File.WriteAllText(path, $$"""{"made":[{"blob":"{{Convert.ToBase64String(image.GetBytes())}}"}]}""");
        NbImage found = _offline.Session.Invoke<ImportNbImageCommand>(new { Path = path }).Single<NbImage>();
        Assert.Equal(image.Sha256, found.Sha256);

        File.WriteAllText(path, """{"made":[]}""");
        PipelineRun none = _offline.Session.Invoke<ImportNbImageCommand>(new { Path = path });
        string errorId = Assert.Single(none.Errors).FullyQualifiedErrorId;
        Assert.StartsWith("Nb.File.NotAnImage", errorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_brackets_in_its_name_takes_precedence_over_matches()
    {
        NbImage image = _offline.NewImage();
        foreach (string name in new[] { "fox[1].jpg", "fox1.jpg", "fox2.jpg" })
        {
            _offline.Session.Invoke<SaveNbImageCommand>(new { Path = name }, input: [image]).Succeeded();
        }

        string? NameOf(object parameters) =>
            Path.GetFileName(_offline.Session.Invoke<ImportNbImageCommand>(parameters).Single<NbImage>().Path);
        Assert.Equal("fox[1].jpg", NameOf(new { Path = "fox[1].jpg" }));
        Assert.Equal("fox2.jpg", NameOf(new { Path = "fox[2].jpg" }));
        Assert.Equal("fox[1].jpg", NameOf(new { LiteralPath = "fox[1].jpg" }));
    }

    [Fact]
    public void Sidecars_among_piped_files_are_skipped()
    {
        NbImage saved = _offline.Save(_offline.NewImage());
        object[] files = [.. new DirectoryInfo(Path.GetDirectoryName(saved.Path)!).GetFiles()];

        Assert.Single(_offline.Session.Invoke<InvokeNbEditCommand>(new { Instruction = "at night" }, input: files)
            .Succeeded().Output);
        Assert.Single(_offline.Session.Invoke<InvokeNbEditCommand>(new { Instruction = "at noon", Path = "shots/*" })
            .Succeeded().Output);
    }

    [Fact]
    public void One_bad_file_does_not_prevent_the_others()
    {
        NbImage saved = _offline.Save(_offline.NewImage());
        File.WriteAllText(_offline.File("shots", "words.jpg"), "no picture");

        PipelineRun run = _offline.Session.Invoke<ImportNbImageCommand>(
            new { LiteralPath = new[] { _offline.File("shots", "words.jpg"), saved.Path } });

        Assert.Single(run.Output);
        Assert.StartsWith("Nb.File.NotAnImage,", run.SingleError().FullyQualifiedErrorId);
    }

    [Fact]
    public void One_missing_file_does_not_prevent_the_history_of_the_others()
    {
        NbImage saved = _offline.Save(_offline.NewImage());

        PipelineRun run = _offline.Session.Invoke<GetNbHistoryCommand>(
            new { LiteralPath = new[] { _offline.File("missing.jpg"), saved.Path } });

        Assert.NotEmpty(run.Output);
        Assert.StartsWith("Nb.File.NotFound,", run.SingleError().FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("nowhere:/x.jpg")]
    [InlineData("Env:PATH")]
    [InlineData("a[b")]
    public void A_path_without_a_match_gives_an_error_of_this_module(string path)
    {
        PipelineRun run = _offline.Session.Invoke<ImportNbImageCommand>(new { Path = path });

        Assert.Null(run.TerminatingError);
        Assert.StartsWith("Nb.File.", run.SingleError().FullyQualifiedErrorId);
    }
}
