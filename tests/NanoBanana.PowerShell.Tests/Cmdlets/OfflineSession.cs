using NanoBanana.Images;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

/// <summary>A session in a folder of its own, connected to the emulator.</summary>
internal sealed class OfflineSession : IDisposable
{
    private OfflineSession(bool connected)
    {
        Folder = Directory.CreateTempSubdirectory("nb-cmdlets").FullName;
        Session = new Session(Folder);
        if (connected)
        {
            Session.Invoke<ConnectNbServiceCommand>(new { Offline = true }).Succeeded();
        }
    }

    public string Folder { get; }

    public Session Session { get; }

    public static OfflineSession Connected() => new(connected: true);

    public static OfflineSession Unconnected() => new(connected: false);

    public NbImage NewImage(string prompt = "a fox") =>
        Session.Invoke<NewNbImageCommand>(new { Prompt = prompt }).Single<NbImage>();

    public NbImage Save(NbImage image, string destination = "shots") =>
        Session.Invoke<SaveNbImageCommand>(new { Destination = destination }, input: [image]).Single<NbImage>();

    public string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    public void Dispose()
    {
        Session.Invoke<DisconnectNbServiceCommand>();
        Session.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
