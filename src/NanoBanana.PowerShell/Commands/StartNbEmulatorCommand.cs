using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Security;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Starts a local Gemini in this process, for this module and for every other client on this
/// machine.</summary>
[Cmdlet(VerbsLifecycle.Start, "NbEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(NbEmulator))]
public sealed class StartNbEmulatorCommand : NbCmdlet
{
    /// <summary>The port; 0 for any free one.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>Failures to rehearse: names, rules (@{ fault = 'rateLimit'; nth = 1 }), a script's path or its
    /// JSON.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(FaultCompleter))]
    [ValidateNotNullOrEmpty]
    public object[] Fault { get; set; } = [];

    /// <summary>How long every answer waits: 20ms, 1.5s, 2m or a TimeSpan.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan Latency { get; set; }

    /// <summary>Images of 10 to 20 MB, as the largest of the service.</summary>
    [Parameter]
    public SwitchParameter Big { get; set; }

    /// <summary>Every edit darkens the whole picture by about 2.5 gray levels, as measured with a real model; without
    /// it, an edit changes only its own part.</summary>
    [Parameter]
    public SwitchParameter Drift { get; set; }

    /// <summary>A repeated request gets the same picture as before; without it, another one, as from the
    /// service.</summary>
    [Parameter]
    public SwitchParameter Repeatable { get; set; }

    /// <summary>The only API key that is accepted; left out, any key is accepted.</summary>
    [Parameter]
    [SecretTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>The address to listen on; one that other machines can reach needs a token.</summary>
    [Parameter]
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The secret that every client must send, as its API key or bearer token.</summary>
    [Parameter]
    [SecretTransformation]
    public SecureString? Token { get; set; }

    private string Place => Port == 0 ? $"{Address}, a free port" : new IPEndPoint(Address, Port).ToString();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EmulatorOptions options = Demand(Options);
        if (!ShouldProcess(Place, "Start emulator")) return;
        NbEmulator emulator = Demand(() => Start(options));
        RunspaceState.Current.Emulators.Add(emulator);
        WriteObject(emulator);
    }

    private EmulatorOptions Options()
    {
        if (!IPAddress.IsLoopback(Address) && Token is not { Length: > 0 })
        {
            throw EmulatorErrors.TokenRequired(Address.ToString());
        }
        return new EmulatorOptions
        {
            ApiKey = Plain(ApiKey),
            RequiredToken = Plain(Token),
            Faults = FaultInput.Read(Fault, Paths.Full),
            Latency = Latency < TimeSpan.Zero ? throw EmulatorErrors.DurationInvalid(Latency.ToString()) : Latency,
            Big = Big,
            Drift = Drift ? EmulatorOptions.MeasuredDrift : 0,
            IsRepeatable = Repeatable,
        };
    }

    private NbEmulator Start(EmulatorOptions options)
    {
        var service = new EmulatorService(options);
        try
        {
            return new NbEmulator(service, EmulatorServer.Start(service, Port, Address));
        }
        catch (SocketException e)
        {
            service.Dispose();
            throw EmulatorErrors.CannotListen(Place, e);
        }
    }

    private static string? Plain(SecureString? secret) =>
        secret is { Length: > 0 } ? new NetworkCredential("", secret).Password : null;
}
