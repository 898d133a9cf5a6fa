using System.Management.Automation;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Journal;
using NanoBanana.Images;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class EmulatorTests : IDisposable
{
    private readonly OfflineSession _offline = OfflineSession.Unconnected();

    private Session Session => _offline.Session;

    public void Dispose()
    {
        Session.Invoke<StopNbEmulatorCommand>();
        _offline.Dispose();
    }

    [Fact]
    public void A_connection_draws_at_its_address_and_the_journal_shows_it()
    {
        NbEmulator emulator = Session.Invoke<StartNbEmulatorCommand>().Single<NbEmulator>();
        Session.Invoke<ConnectNbServiceCommand>(new { ApiKey = "key-of-gold", emulator.BaseUri }).Succeeded();

        Assert.Equal(1024, _offline.NewImage().Width);

        PipelineRun run = Session.Invoke<GetNbEmulatorCommand>(new { Journal = true });
        Assert.True(run.Single<JournalEntry>().IsBilled);
        Assert.DoesNotContain("key-of-gold", run.AllText());
    }

    [Theory]
    [InlineData(true, 2.5)]
    [InlineData(false, 0)]
    public void Edits_drift_on_request(bool drift, double levels)
    {
        NbEmulator emulator = Session.Invoke<StartNbEmulatorCommand>(new { Drift = drift }).Single<NbEmulator>();
        Session.Invoke<ConnectNbServiceCommand>(new { ApiKey = "any", emulator.BaseUri }).Succeeded();
        NbImage edit =
            Session.Invoke<InvokeNbEditCommand>(new { Instruction = "at night" }, input: [_offline.NewImage()])
            .Single<NbImage>();

        Assert.Equal(levels, EmulatorPicture.TryRead(edit.GetBytes())!.Drift);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void The_same_request_repeats_its_picture_on_request(bool repeatable, int pictures)
    {
        NbEmulator emulator = Session.Invoke<StartNbEmulatorCommand>(new { Repeatable = repeatable })
            .Single<NbEmulator>();
        Session.Invoke<ConnectNbServiceCommand>(new { ApiKey = "any", emulator.BaseUri }).Succeeded();

        Assert.Equal(pictures, new[] { _offline.NewImage().Sha256, _offline.NewImage().Sha256 }.Distinct().Count());
    }

    [Fact]
    public void What_if_starts_nothing()
    {
        Assert.Empty(Session.Invoke<StartNbEmulatorCommand>(new { WhatIf = true }).Output);
        Assert.Empty(Session.Invoke<GetNbEmulatorCommand>().Output);
    }

    [Theory]
    [InlineData("rainbow", "Nb.Emulator.UnknownFault")]
    [InlineData("""{"faults":[{"fault":"rainbow"}]}""", "Nb.Emulator.FaultScriptInvalid")]
    [InlineData("""{"fault":"status","code":42}""", "Nb.Emulator.FaultScriptInvalid")]
    [InlineData("""{"fault":"hang","path":null}""", "Nb.Emulator.FaultScriptInvalid")]
    [InlineData("""{"fault":""", "Nb.Emulator.FaultScriptInvalid")]
    [InlineData("[1]", "Nb.Emulator.FaultScriptInvalid")]
    public void An_unreadable_fault_is_refused(string fault, string errorId)
    {
        PipelineRun run = Session.Invoke<StartNbEmulatorCommand>(new { Fault = fault });

        Assert.StartsWith(errorId, run.TerminatingError!.FullyQualifiedErrorId);
        Assert.Equal(errorId.EndsWith("UnknownFault") ? ErrorCategory.ObjectNotFound : ErrorCategory.InvalidArgument,
            run.TerminatingError.CategoryInfo.Category);
    }

    [Fact]
    public void A_stopped_emulator_is_no_longer_listed()
    {
        NbEmulator emulator = Session.Invoke<StartNbEmulatorCommand>().Single<NbEmulator>();
        Session.Invoke<StopNbEmulatorCommand>(input: [emulator]).Succeeded();

        Assert.False(emulator.IsRunning);
        Assert.Empty(Session.Invoke<GetNbEmulatorCommand>().Output);
    }
}
