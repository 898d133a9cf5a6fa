using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class AnchorTests : IDisposable
{
    private readonly OfflineSession _offline = OfflineSession.Connected();

    public AnchorTests() => Set("fox");

    public void Dispose() => _offline.Dispose();

    [Fact]
    public void An_anchor_set_from_the_pipeline_goes_into_the_next_image()
    {
        var image = _offline.Session
            .Invoke<NewNbImageCommand>(new { Prompt = "the fox asleep", Anchor = "fox" })
            .Single<Images.NbImage>();

        Assert.Equal("fox", Assert.Single(image.Anchors));
    }

    [Fact]
    public void Anchors_are_found_by_wildcard()
    {
        Set("forest");
        Set("kael");

        PipelineRun run = _offline.Session.Invoke<GetNbAnchorCommand>(new { Name = "FO*" });

        Assert.Equal(["forest", "fox"], run.Succeeded().OutputOf<Anchor>().Select(anchor => anchor.Name));
    }

    [Fact]
    public void What_if_removes_nothing()
    {
        PipelineRun run = _offline.Session.Invoke<RemoveNbAnchorCommand>(new { Name = "*", WhatIf = true });

        Assert.Contains("\"fox\"", Assert.Single(run.HostLines));
        Assert.Single(_offline.Session.Invoke<GetNbAnchorCommand>().Output);
    }

    [Fact]
    public void A_removed_anchor_is_gone()
    {
        _offline.Session.Invoke<RemoveNbAnchorCommand>(new { Name = "fox" }).Succeeded();
        Assert.Empty(_offline.Session.Invoke<GetNbAnchorCommand>().Output);
    }

    [Fact]
    public void Names_are_completed_after_Anchor() =>
        Assert.Equal(["fox"], _offline.Session.Complete("New-NbImage -Anchor f"));

    [Fact]
    public void An_anchor_whose_file_has_changed_is_refused()
    {
        string path = _offline.Save(_offline.NewImage("an owl")).Path!;
        _offline.Session.Invoke<SetNbAnchorCommand>(new { Name = "owl", Path = path }).Succeeded();
        File.WriteAllBytes(path, [.. _offline.NewImage("a fox").GetBytes(), 0]);

        PipelineRun run = _offline.Session.Invoke<NewNbImageCommand>(new { Prompt = "the owl asleep", Anchor = "owl" });

        Assert.StartsWith("Nb.File.Changed,", run.SingleError().FullyQualifiedErrorId);
    }

    [Fact]
    public void A_missing_picture_is_reported_once() => Assert.StartsWith(
        "Nb.File.NotFound,",
            _offline.Session.Invoke<SetNbAnchorCommand>(new { Name = "owl", Path = "owl.jpg" })
            .SingleError().FullyQualifiedErrorId);

    private void Set(string name) =>
        _offline.Session.Invoke<SetNbAnchorCommand>(new { Name = name }, input: [_offline.NewImage(name)]).Succeeded();
}
