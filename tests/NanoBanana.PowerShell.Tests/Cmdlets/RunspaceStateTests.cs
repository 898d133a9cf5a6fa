using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class RunspaceStateTests
{
    [Fact]
    public void Closed_runspaces_leave_no_state()
    {
        List<Session> sessions = [.. Enumerable.Range(0, 15).Select(_ => new Session())];
        foreach (Session session in sessions)
        {
            session.Invoke<ConnectNbServiceCommand>(new { Offline = true }).Succeeded();
        }
        Assert.All(sessions, session => Assert.True(RunspaceState.IsKept(session.Id)));

        sessions.ForEach(session => session.Dispose());

        Assert.All(sessions, session => Assert.False(RunspaceState.IsKept(session.Id)));
    }

    [Fact]
    public void An_emulator_stops_when_its_runspace_closes()
    {
        Session session = new();
        NbEmulator emulator = session.Invoke<StartNbEmulatorCommand>().Single<NbEmulator>();
        Assert.True(emulator.IsRunning);

        session.Dispose();

        Assert.False(emulator.IsRunning);
    }

    [Fact]
    public void A_connection_still_works_after_its_runspace_has_closed()
    {
        NbConnection connection;
        using (Session first = new())
        {
            connection = first.Invoke<ConnectNbServiceCommand>(new { Offline = true }).Single<NbConnection>();
        }

        using (connection)
        using (Session other = new())
        {
            Assert.Single(other.Invoke<NewNbImageCommand>(new { Prompt = "a fox", Connection = connection })
                .Succeeded().Output);
        }
    }
}
