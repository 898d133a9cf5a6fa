using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class NewNbImageTests : IDisposable
{
    private readonly OfflineSession _offline = OfflineSession.Connected();

    public void Dispose() => _offline.Dispose();

    [Fact]
    public void Draws_at_the_ratio_asked_for()
    {
        NbImage image = _offline.Session
            .Pipe<NewNbImageCommand>(new { AspectRatio = "16:9" }, "a fox in the snow")
            .Invoke()
            .Single<NbImage>();

        Assert.Equal((1376, 768), (image.Width, image.Height));
        Assert.Equal("a fox in the snow", image.Prompt);
    }

    [Fact]
    public void Draws_one_image_for_each_prompt_in_parallel()
    {
        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(new { ThrottleLimit = 3 }, input: ["a", "b", "c"]);
        Assert.Equal(["a", "b", "c"], run.Succeeded().OutputOf<NbImage>().Select(image => image.Prompt).Order());
    }

    [Fact]
    public void The_next_prompt_is_drawn_after_one_without_an_image()
    {
        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(input: ["[[NO_IMAGE]] a", "b"]);

        Assert.Equal("b", Assert.IsType<NbImage>(Assert.Single(run.Output)).Prompt);
        Assert.StartsWith("Nb.Answer.NoImage,", run.SingleError().FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Size", "8K", "Nb.Request.UnsupportedSize")]
    [InlineData("AspectRatio", "7:5", "Nb.Request.UnsupportedRatio")]
    [InlineData("Prompt", "  ", "Nb.Request.EmptyPrompt")]
    [InlineData("Anchor", "nobody", "Nb.Anchor.Unknown")]
    [InlineData("Reference", "missing.png", "Nb.File.NotFound")]
    public void Refuses_a_bad_request_and_says_what_to_do(string parameter, string value, string errorId)
    {
        Dictionary<string, object> parameters = new() { ["Prompt"] = "a fox", [parameter] = value };

        var error = _offline.Session.Invoke<NewNbImageCommand>(parameters).SingleError();

        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails!.RecommendedAction);
    }

    [Fact]
    public void What_if_reports_the_price_and_draws_nothing()
    {
        PipelineRun run =
            _offline.Session.Invoke<NewNbImageCommand>(new { Prompt = "a fox", Count = 2, WhatIf = true });

        Assert.Empty(run.Succeeded().Output);
        Assert.Contains("2 images, about $", Assert.Single(run.HostLines));
    }

    [Fact]
    public void A_budget_ends_the_command_before_it_is_exceeded()
    {
        PipelineRun run =
            _offline.Session.Invoke<NewNbImageCommand>(
            new { Prompt = "a fox", Count = 3, MaxCost = 0.08m, ThrottleLimit = 1 });

        Assert.Single(run.Output);
        Assert.StartsWith("Nb.Budget.Exceeded,", run.SingleError().FullyQualifiedErrorId);
    }

    [Fact]
    public void Sends_nothing_more_after_Select_Object_First()
    {
        PipelineRun run = _offline.Session
            .Pipe<NewNbImageCommand>(new { ThrottleLimit = 1, Count = 2 })
            .First(1)
            .Invoke(["a", "b", "c"]);

        Assert.Single(run.Succeeded().Output);
        Assert.Single(_offline.Session.Invoke<GetNbEmulatorCommand>(new { Journal = true }).Succeeded().Output);
    }

    [Fact]
    public async Task Ctrl_c_ends_a_call_that_hangs_and_sends_no_other()
    {
        using SilentService service = new();
        using Session session = new();
        session.Invoke<ConnectNbServiceCommand>(new { ApiKey = "secret-key", BaseUri = service.Address }).Succeeded();

        RunningPipeline running =
            session.Pipe<NewNbImageCommand>(new { Prompt = "a fox", Count = 2, ThrottleLimit = 1 }).Start();
        await service.Called;
        running.Stop();

        Assert.True(running.Wait().Stopped);
        Assert.Equal(1, service.Calls);
    }

    [Fact]
    public void Saves_below_the_location_of_the_shell()
    {
        NbImage image = _offline.Session
            .Invoke<NewNbImageCommand>(new { Prompt = "a fox", Destination = "shots" })
            .Single<NbImage>();

        Assert.Equal(_offline.File("shots", "a-fox.jpg"), image.Path);
        Assert.Equal(image.GetBytes(), File.ReadAllBytes(image.Path!));
    }

    [Fact]
    public void A_file_named_in_a_row_is_saved_in_the_destination()
    {
        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(
            new { Destination = "shots", ThrottleLimit = 1 },
            input: [Row("a", "one.jpg"), Row("b", "sub/two.jpg")]);

        Assert.Equal(
            [_offline.File("shots", "one.jpg"), _offline.File("shots", "sub", "two.jpg")],
            run.Succeeded().OutputOf<NbImage>().Select(image => image.Path));

        static PSObject Row(string prompt, string outFile)
        {
            var row = new PSObject();
            row.Properties.Add(new PSNoteProperty("prompt", prompt));
            row.Properties.Add(new PSNoteProperty("outFile", outFile));
            return row;
        }
    }

    [Fact]
    public void Force_keeps_all_images_of_one_command()
    {
        PipelineRun run =
            _offline.Session.Invoke<NewNbImageCommand>(
            new { Prompt = "a fox", Count = 3, OutFile = "fox.jpg", Force = true });

        Assert.Equal(
            [_offline.File("fox-2.jpg"), _offline.File("fox-3.jpg"), _offline.File("fox.jpg")],
            run.Succeeded().OutputOf<NbImage>().Select(image => image.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Draws_nothing_that_cannot_be_saved()
    {
        File.WriteAllText(_offline.File("file"), "no folder");

        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(new { Prompt = "a fox", Destination = "file" });

        Assert.Empty(run.Output);
        Assert.StartsWith("Nb.File.Unwritable,", run.SingleError().FullyQualifiedErrorId);
    }

    [Fact]
    public void With_a_budget_a_call_of_unknown_price_is_not_sent()
    {
        PipelineRun run =
            _offline.Session.Invoke<NewNbImageCommand>(
            new { Prompt = "a fox", Model = "gemini-of-tomorrow", MaxCost = 5m });
        Assert.StartsWith("Nb.Budget.UnknownPrice,", run.SingleError().FullyQualifiedErrorId);
    }

    [Fact]
    public void A_cell_of_a_row_names_several_anchors_or_none()
    {
        foreach (string name in new[] { "fox", "owl" })
        {
            _offline.Session.Invoke<SetNbAnchorCommand>(new { Name = name }, input: [_offline.NewImage(name)])
                .Succeeded();
        }

        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(
            new { ThrottleLimit = 1 }, input: [Row("fox; owl", ""), Row("", "")]);

        Assert.Equal([2, 0], run.Succeeded().OutputOf<NbImage>().Select(image => image.Anchors.Length));

        static PSObject Row(string anchor, string reference)
        {
            var row = new PSObject();
            row.Properties.Add(new PSNoteProperty("prompt", "both"));
            row.Properties.Add(new PSNoteProperty("anchor", anchor));
            row.Properties.Add(new PSNoteProperty("reference", reference));
            return row;
        }
    }
}
