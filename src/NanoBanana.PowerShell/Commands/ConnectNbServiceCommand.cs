using System.Management.Automation;
using System.Net;
using System.Security;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Sets the connection that this runspace's commands use. Sends nothing.</summary>
[Cmdlet(VerbsCommunications.Connect, "NbService", DefaultParameterSetName = KeySet)]
[OutputType(typeof(NbConnection))]
public sealed class ConnectNbServiceCommand : NbCmdlet
{
    private const string KeySet = "Key";
    private const string OfflineSet = "Offline";

    /// <summary>The API key; left out, GOOGLE_API_KEY and then GEMINI_API_KEY are looked at.</summary>
    [Parameter(Position = 0, ParameterSetName = KeySet)]
    [SecretTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>Another address that speaks the same; plain http for this machine only.</summary>
    [Parameter(ParameterSetName = KeySet)]
    public Uri? BaseUri { get; set; }

    /// <summary>Have the built-in emulator answer: no key, no network, no cost.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OfflineSet)]
    public SwitchParameter Offline { get; set; }

    /// <summary>Failures the emulator rehearses: names, rules (@{ fault = 'rateLimit'; nth = 1 }), a script's path or its JSON.</summary>
    [Parameter(ParameterSetName = OfflineSet)]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public object[] Fault { get; set; } = [];

    /// <summary>The model to ask when none is named.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? DefaultModel { get; set; }

    /// <summary>A JSON file that overlays the built-in model catalogue.</summary>
    [Parameter]
    public string? CatalogPath { get; set; }

    /// <summary>A JSON file that overlays the built-in wording around references and character sheets.</summary>
    [Parameter]
    public string? CompositionPath { get; set; }

    /// <summary>Most seconds one call may take.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int OperationTimeoutSeconds { get; set; } = 300;

    /// <summary>How often a failed call is sent again.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        NbConnection connection = Demand(Connect);
        RunspaceState.Current.Connection = connection;
        WriteObject(connection);
    }

    private NbConnection Connect()
    {
        ModelCatalogue catalogue = CatalogPath is null ? ModelCatalogue.BuiltIn : ModelCatalogue.Load(FullPath(CatalogPath));
        PromptComposer composer = CompositionPath is null ? PromptComposer.BuiltIn : PromptComposer.Load(FullPath(CompositionPath));
        string? model = DefaultModel is null ? null : catalogue.Resolve(DefaultModel, DateOnly.FromDateTime(DateTime.UtcNow)).Id;
        var options = new GeminiClientOptions
        {
            Timeout = TimeSpan.FromSeconds(OperationTimeoutSeconds),
            MaximumRetryCount = MaximumRetryCount,
        };
        if (Offline) return NbConnection.Offline(options, catalogue, composer, model, FaultInput.Read(Fault, FullPath));

        GeminiEndpoint endpoint = GeminiEndpoint.ForGemini(BaseUri ?? ServiceSettings.BaseUri);
        return ApiKey is { Length: > 0 }
            ? NbConnection.Online(endpoint, GeminiCredential.FromApiKey(new NetworkCredential("", ApiKey).Password), "-ApiKey", options, catalogue, composer, model)
            : NbConnection.Online(endpoint, GeminiCredential.FromApiKey(ServiceSettings.ApiKey ?? throw NbErrors.NoKey()),
                "environment", options, catalogue, composer, model);
    }
}
