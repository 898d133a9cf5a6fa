using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Starts a web route for images: pages and programs send a prompt and get a picture, and the key stays
/// here.</summary>
[Cmdlet(VerbsLifecycle.Start, "NbWeb", SupportsShouldProcess = true)]
[OutputType(typeof(NbWeb))]
public sealed class StartNbWebCommand : NbCmdlet
{
    private const string Program = "nb";

    /// <summary>Folder of the images; nothing outside it is read or written.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>The port; 0 for any free one.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>USD that may be spent while it runs.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? MaxCost { get; set; }

    /// <summary>Most requests in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The model for requests that name none: an id or alias.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>The secret that every request must send as its bearer token; left out, a new one is made.</summary>
    [Parameter]
    [SecretTransformation]
    public SecureString? Token { get; set; }

    /// <summary>A JSON file of clients, each with its own token, budget, rate and folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TokenPath { get; set; }

    /// <summary>Require no token: everybody on this machine may make images.</summary>
    [Parameter]
    public SwitchParameter AllowAnonymous { get; set; }

    /// <summary>Origins whose pages may send requests from a browser, such as https://example.org.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowOrigin { get; set; } = [];

    /// <summary>The address to listen on; one that other machines can reach needs tokens.</summary>
    [Parameter]
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Use the emulator: no key, no network, no cost.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <summary>Another address of the service.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? BaseUri { get; set; }

    /// <summary>The API key; left out, the environment's.</summary>
    [Parameter]
    [SecretTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>The nb program, or its nb.dll; left out, the one on the PATH or in the folder of .NET tools.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProgramPath { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ProcessStartInfo start = Demand(Prepare);
        if (!ShouldProcess($"{start.FileName}, images in {Paths.Full(Destination)}", "Start web route")) return;
        SecureString? token = TokenPath is not null || AllowAnonymous ? null : Token ?? NewToken();
        start.Environment["NB_WEB_TOKEN"] = token is null ? "" : Plain(token);
        WriteObject(Demand(() => Start(start, token)));
    }

    private ProcessStartInfo Prepare()
    {
        CheckAccess();
        string program = Find();
        bool isLibrary = Path.GetExtension(program).Equals(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Paths.Full("."),
        };
        if (isLibrary) start.ArgumentList.Add(program);
        Add("web", "--until-input-ends", "--out", Paths.Full(Destination), "--address", $"{Address}",
            "--port", Text(Port), "--parallel", Text(ThrottleLimit));
        if (MaxCost is { } most) Add("--max-cost", Text(most));
        if (Model is not null) Add("--model", Model);
        if (TokenPath is not null) Add("--tokens", Paths.Full(TokenPath));
        if (Offline) Add("--offline");
        if (BaseUri is not null) Add("--base-uri", $"{BaseUri}");
        foreach (string origin in AllowOrigin) Add("--allow-origin", origin);
        if (ApiKey is not null)
        {
            start.Environment.Remove("GOOGLE_API_KEY");
            start.Environment["GEMINI_API_KEY"] = Plain(ApiKey);
        }
        return start;

        void Add(params string[] arguments) => Array.ForEach(arguments, start.ArgumentList.Add);
    }

    // An empty token, or -AllowAnonymous together with a token, would give everybody on this machine access.
    private void CheckAccess()
    {
        bool isSaidTwice = (Token is null ? 0 : 1) + (TokenPath is null ? 0 : 1) + (AllowAnonymous ? 1 : 0) > 1;
        string? problem = isSaidTwice ? "-Token, -TokenPath and -AllowAnonymous contradict each other."
            : Token is { Length: 0 } ? "-Token is empty." : null;
        if (problem is null) return;
        throw new NbException("Nb.Server.TokensInvalid", NbErrorKind.InvalidArgument, problem,
            "Give one of -Token, -TokenPath and -AllowAnonymous, or leave all out: then a token is made. "
            + "Nothing was started.");
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    // Searched in this order: the given program, the PATH, and the folder of dotnet tools, which may not be on the PATH
    // yet.
    private string Find()
    {
        string named = ProgramPath is null ? "" : Paths.Full(ProgramPath);
        if (named.Length > 0) return File.Exists(named) ? named : throw NotFound($"There is no file '{named}'.");
        if (InvokeCommand.GetCommand(Program, CommandTypes.Application) is ApplicationInfo found) return found.Path;
        string tool = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools",
            OperatingSystem.IsWindows() ? $"{Program}.exe" : Program);
        return File.Exists(tool) ? tool
            : throw NotFound("The program nb, which serves the web route, is not on the PATH.");
    }

    private NbWeb Start(ProcessStartInfo start, SecureString? token)
    {
        NbWeb web;
        try
        {
            web = NbWeb.Start(start, Paths.Full(Destination), token);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw NotFound($"'{start.FileName}' cannot be started: {e.Message}");
        }
        RunspaceState.Current.Webs.Add(web);
        bool isListening = false;
        try
        {
            isListening = Await(web.ListenAsync(Stopped));
        }
        finally
        {
            // Ctrl+C during the start must not leave a process behind.
            if (!isListening)
            {
                RunspaceState.Current.Webs.Remove(web);
                web.Dispose();
            }
        }
        return isListening ? web : throw new NbException("Nb.Server.NotStarted", NbErrorKind.ResourceUnavailable,
            $"The web route did not start. {string.Join(' ', web.Log.Select(line => line.Trim()))}".TrimEnd(),
            "Correct what it says. Nothing was sent.") { Target = start.FileName };
    }

    private static SecureString NewToken()
    {
        var token = new SecureString();
        foreach (char c in Convert.ToHexString(RandomNumberGenerator.GetBytes(24))) token.AppendChar(c);
        token.MakeReadOnly();
        return token;
    }

    private static string Plain(SecureString secret) => new NetworkCredential("", secret).Password;

    private static NbException NotFound(string message) => new("Nb.Server.ProgramNotFound", NbErrorKind.ObjectNotFound,
        message, "Install it: dotnet tool install --global NanoBanana.Cli. Or name it: -ProgramPath.");
}
