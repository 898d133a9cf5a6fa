using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Net;
using System.Security;
using NanoBanana.Emulator.Settings;
using NanoBanana.Extensions.GoogleAuth;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Judging;
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
    private const string SecretSet = "Secret";
    private const string VertexSet = "Vertex";
    private const string OfflineSet = "Offline";

    /// <summary>The API key; left out, it is read from GOOGLE_API_KEY, then GEMINI_API_KEY.</summary>
    [Parameter(Position = 0, ParameterSetName = KeySet)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>Name of the key in a vault of Microsoft.PowerShell.SecretManagement.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SecretSet)]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string SecretName { get; set; } = "";

    /// <summary>The vault; the default one when it is left out.</summary>
    [Parameter(ParameterSetName = SecretSet)]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? Vault { get; set; }

    /// <summary>Id of a Google Cloud project: Vertex AI is used instead of the Gemini API.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VertexSet)]
    public string Project { get; set; } = "";

    /// <summary>The Google Cloud location.</summary>
    [Parameter(ParameterSetName = VertexSet)]
    [ArgumentCompleter(typeof(LocationCompleter))]
    public string Location { get; set; } = "global";

    /// <summary>An OAuth access token, such as gcloud auth print-access-token gives.</summary>
    [Parameter(ParameterSetName = VertexSet)]
    [SecretTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>Another compatible address, with or without a version and a path in front of it
    /// (https://example.org/gemini/v1beta); plain http for this machine only.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = SecretSet)]
    [Parameter(ParameterSetName = VertexSet)]
    [ValidateNotNull]
    public Uri? BaseUri { get; set; }

    /// <summary>The version of the API in every address, such as v1beta.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = SecretSet)]
    [Parameter(ParameterSetName = VertexSet)]
    public string? ApiVersion { get; set; }

    /// <summary>Headers to send with every request, for a gateway: names and values (strings or
    /// SecureStrings).</summary>
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = SecretSet)]
    [Parameter(ParameterSetName = VertexSet)]
    [ValidateNotNull]
    public IDictionary? Header { get; set; }

    /// <summary>Use the built-in emulator: no key, no network, no cost.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OfflineSet)]
    public SwitchParameter Offline { get; set; }

    /// <summary>Failures the emulator rehearses: names, rules (@{ fault = 'rateLimit'; nth = 1 }), a script's path or
    /// its JSON.</summary>
    [Parameter(ParameterSetName = OfflineSet)]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public object[] Fault { get; set; } = [];

    /// <summary>Every edit of the emulator darkens the whole picture by about 2.5 gray levels, as measured with a real
    /// model.</summary>
    [Parameter(ParameterSetName = OfflineSet)]
    public SwitchParameter Drift { get; set; }

    /// <summary>The model to ask when none is named.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? DefaultModel { get; set; }

    /// <summary>A JSON file with what differs from the built-in catalog of models.</summary>
    [Parameter]
    public string? CatalogPath { get; set; }

    /// <summary>A JSON file with what differs from the built-in wording around references and character
    /// sheets.</summary>
    [Parameter]
    public string? CompositionPath { get; set; }

    /// <summary>A JSON file with what differs from the built-in rules of judging: models and their prices, words,
    /// schema.</summary>
    [Parameter]
    public string? JudgePath { get; set; }

    /// <summary>The API to use: GenerateContent, or Interactions, whose answers the service keeps. Left out, the one in
    /// NB_API, otherwise GenerateContent.</summary>
    [Parameter]
    public ModelApi Api { get; set; }

    /// <summary>Ask the service to keep no copy of requests ("store": false in every call and job).</summary>
    [Parameter]
    public SwitchParameter NoStore { get; set; }

    /// <summary>Send pictures inside requests and upload none.</summary>
    [Parameter]
    public SwitchParameter NoUpload { get; set; }

    /// <summary>Most seconds one call may take.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int OperationTimeoutSeconds { get; set; } = 300;

    /// <summary>How often a failed call that was not billed is sent again.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>USD that all calls over this connection may cost together, whichever commands make them. A call that
    /// does not fit is refused before it is sent.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? MaxCost { get; set; }

    /// <summary>How long -MaxCost lasts: Session, Day, Week or Month, of UTC. All but Session include what this user's
    /// other sessions spent.</summary>
    [Parameter]
    public SpendingPeriod Per { get; set; }

    /// <summary>USD from which on a command asks first, where somebody is there to answer. 0 asks before everything
    /// that costs. Left out, NB_CONFIRM_COST says it, then 5.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? ConfirmCost { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        NbConnection connection = Demand(Connect);
        if (ConfirmCost is { } least) connection.ConfirmCost = least;
        RunspaceState.Current.Connection = connection;
        ModelCatalog catalog = connection.Service.Catalog;
        if (catalog.WarningOf(catalog.Resolve(connection.DefaultModel, Today)) is { } stranger) WriteWarning(stranger);
        if (connection is { Api: ModelApi.Interactions, NoStore: true })
        {
            WriteWarning("With -NoStore the service keeps no answers: conversations are sent with every request, and an "
                + "answer whose connection breaks may be billed and cannot be fetched.");
        }
        WriteObject(connection);
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    private NbConnection Connect()
    {
        if (MaxCost is null && MyInvocation.BoundParameters.ContainsKey(nameof(Per)))
        {
            throw UsageErrors.Without(UsageErrors.Per, UsageErrors.MaxCost);
        }
        string? catalogPath = CatalogPath is null ? null : Paths.Full(CatalogPath);
        ModelCatalog catalog = catalogPath is null ? ModelCatalog.BuiltIn : ModelCatalog.Load(catalogPath);
        PromptComposer composer = CompositionPath is null ? PromptComposer.BuiltIn
            : PromptComposer.Load(Paths.Full(CompositionPath));
        JudgeRules judge = JudgePath is null ? JudgeRules.BuiltIn : JudgeRules.Load(Paths.Full(JudgePath));
        string? model = DefaultModel is null ? null
            : catalog.Resolve(DefaultModel, Today).Id;
        // An explicit key or vault means the Gemini API, even if the environment selects Vertex AI.
        bool isVertex = ParameterSetName == VertexSet
            || (ParameterSetName == KeySet && ApiKey is null && ServiceSettings.UsesVertex);
        var options = new GeminiClientOptions
        {
            Timeout = TimeSpan.FromSeconds(OperationTimeoutSeconds),
            MaximumRetryCount = MaximumRetryCount,
            NoStore = NoStore.IsPresent ? NoStore : ServiceSettings.NoStore,
            NoUpload = NoUpload,
            Api = MyInvocation.BoundParameters.ContainsKey(nameof(Api)) ? Api : ServiceSettings.Api(isVertex),
        };
        var allowance = Allowance.OfUser(MaxCost, Per, isRehearsal: Offline);
        if (Offline)
        {
            return NbConnection.Offline(options, catalog, composer, model, FaultInput.Read(Fault, Paths.Full),
                catalogPath, Drift ? EmulatorOptions.MeasuredDrift : 0, judge, allowance);
        }

        options = options with { Headers = ServiceSettings.Headers.With(OwnHeaders()) };
        GeminiEndpoint endpoint = isVertex
            ? ServiceSettings.Vertex(Given(nameof(Project), Project), Given(nameof(Location), Location), BaseUri,
                ApiVersion)
            : ServiceSettings.Gemini(BaseUri, ApiVersion);
        (GeminiCredential credential, string origin) = isVertex ? VertexCredential() : KeyCredential(options.Headers);
        return NbConnection.Online(endpoint, credential, origin, options, catalog, composer, model, judge,
            allowance);
    }

    private string? Given(string parameter, string value) =>
        MyInvocation.BoundParameters.ContainsKey(parameter) ? value : null;

    private ConnectionHeaders OwnHeaders() =>
        ConnectionHeaders.From((Header?.Keys.Cast<object>() ?? []).Select(name => KeyValuePair.Create(
        name.ToString()
            ?? "", SecretTransformationAttribute.ToSecret(Header![name] ?? "") is SecureString secret ? Plain(secret)
            : $"{Header[name]}")));

    private (GeminiCredential Credential, string Origin) VertexCredential()
    {
        if (Given(nameof(AccessToken), "") is null)
        {
            return (GoogleAuthExtension.Credential(), NbConnection.DefaultCredentialsOrigin);
        }
        // An empty token comes from a failed gcloud, so other credentials must not be used instead.
        var token = new AccessToken(AccessToken is { Length: > 0 } ? Plain(AccessToken)
            : throw ConnectionErrors.NoToken(), ServiceSettings.QuotaProject);
        return (GeminiCredential.FromToken(_ => new(token)), "-AccessToken");
    }

    private (GeminiCredential Credential, string Origin) KeyCredential(ConnectionHeaders headers)
    {
        if (ParameterSetName == SecretSet)
        {
            return (GeminiCredential.FromApiKey(Plain(ReadSecret()), $"The key is the secret '{SecretName}'."),
                $"secret '{SecretName}'");
        }
        if (ApiKey is not null) return (GeminiCredential.FromApiKey(Plain(ApiKey)), "-ApiKey");
        return (NbConnection.FromKeyVariable(headers, out string origin), origin);
    }

    private SecureString ReadSecret()
    {
        const string Script = "if ($args[1]) { Get-Secret -Name $args[0] -Vault $args[1] -ErrorAction Stop } "
            + "else { Get-Secret -Name $args[0] -ErrorAction Stop }";
        Collection<PSObject> found;
        try
        {
            found = InvokeCommand.InvokeScript(Script, SecretName, Vault!);
        }
        catch (RuntimeException e)
        {
            throw ConnectionErrors.SecretUnavailable(SecretName, e.Message, e);
        }
        return found.Count == 1 && SecretTransformationAttribute.ToSecret(found[0]) is SecureString secret
            ? secret
            : throw ConnectionErrors.SecretUnavailable(SecretName, "it is not text.");
    }

    private static string Plain(SecureString secret) => new NetworkCredential("", secret).Password;
}
