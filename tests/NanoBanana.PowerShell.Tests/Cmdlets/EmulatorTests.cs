using System.Management.Automation;
using NanoBanana.Emulator.Journal;
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
    public void A_fault_that_makes_no_sense_is_refused(string fault, string errorId)
    {
        PipelineRun run = Session.Invoke<StartNbEmulatorCommand>(new { Fault = fault });

        Assert.StartsWith(errorId, run.TerminatingError!.FullyQualifiedErrorId);
        Assert.Equal(errorId.EndsWith("UnknownFault") ? ErrorCategory.ObjectNotFound : ErrorCategory.InvalidArgument,
            run.TerminatingError.CategoryInfo.Category);
    }

    [Fact]
    public void A_stopped_one_is_forgotten()
    {
        NbEmulator emulator = Session.Invoke<StartNbEmulatorCommand>().Single<NbEmulator>();
        Session.Invoke<StopNbEmulatorCommand>(input: [emulator]).Succeeded();

        Assert.False(emulator.IsRunning);
        Assert.Empty(Session.Invoke<GetNbEmulatorCommand>().Output);
    }
}
