using System.Security.Cryptography;
using System.Text;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Extensions.GoogleAuth;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell;

/// <summary>A connection to the service. It may be used from other runspaces (<c>-Connection $using:c</c>).</summary>
public sealed class NbConnection : IDisposable
{
    internal const string DefaultCredentialsOrigin = "Application Default Credentials";

    private readonly EmulatorService? _emulator;
    private string? _environment;

    private NbConnection(ImageService service, string credential, string? defaultModel, EmulatorService? emulator)
    {
        Service = service;
        Credential = credential;
        DefaultModel = defaultModel ?? service.Catalog.DefaultModel;
        _emulator = emulator;
        Emulator = emulator is null ? null : new NbEmulator(emulator, server: null);
    }

    /// <summary>Where the service is.</summary>
    public Uri BaseUri => Service.Client.Endpoint.BaseUri;

    /// <summary>The version of the API.</summary>
    public string ApiVersion => Service.Client.Endpoint.ApiVersion;

    /// <summary>Whether the service is asked to keep no copy of requests. By default it keeps those of paid projects
    /// for 55 days; Vertex AI keeps none.</summary>
    public bool NoStore => Service.Client.Options.NoStore;

    /// <summary>What the service stores, and for how long.</summary>
    public string Storage => IsOffline ? "Nothing leaves this machine." : Service.Client.Storage;

    /// <summary>The API in use.</summary>
    public ModelApi Api => Service.Client.Options.Api;

    /// <summary>Whether the service keeps answers, so that an answer lost with a broken connection can be fetched
    /// without paying again. False for GenerateContent and with -NoStore.</summary>
    public bool KeepsAnswers => Service.Client.KeepsAnswers;

    /// <summary>Whether pictures always go inside requests.</summary>
    public bool NoUpload => Service.Client.Options.NoUpload;

    /// <summary>Names of the headers that are added to every request; never their values.</summary>
    public IReadOnlyList<string> Header => Service.Client.Options.Headers.Names.ToArray();

    /// <summary>Whether the built-in emulator answers.</summary>
    public bool IsOffline => _emulator is not null;

    /// <summary>Where the credential came from; never the credential.</summary>
    public string Credential { get; }

    /// <summary>The environment variable of the key, and the other one it took precedence over; null when the key came
    /// from elsewhere.</summary>
    public string? KeyVariable { get; private init; }

    /// <summary>The model asked when none is named.</summary>
    public string DefaultModel { get; }

    /// <summary>USD that its calls may cost together, per session, day, week or month; null for no limit.</summary>
    public decimal? MaxCost => Service.Allowance?.Limit;

    /// <summary>How long -MaxCost lasts.</summary>
    public SpendingPeriod Per => Service.Allowance?.Period ?? SpendingPeriod.Session;

    /// <summary>USD of -MaxCost that are left, without what is set aside for calls in flight; null for no
    /// limit.</summary>
    public decimal? Left => Service.Allowance?.Left;

    /// <summary>USD from which on a command asks first, where somebody is there to answer.</summary>
    public decimal ConfirmCost { get; internal set; } = ServiceSettings.ConfirmCost;

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout => Service.Client.Options.Timeout;

    /// <summary>How often a failed call is sent again.</summary>
    public int MaximumRetryCount => Service.Client.Options.MaximumRetryCount;

    internal ImageService Service { get; }

    /// <summary>The emulator of an offline connection.</summary>
    internal NbEmulator? Emulator { get; }

    internal ModelCatalog Catalog => Service.Catalog;

    /// <summary>Whether the environment still has the values it was made from; always true for an explicit
    /// connection.</summary>
    internal bool IsCurrent => _environment is null || _environment == EnvironmentNow;

    /// <summary>Whether it was disconnected.</summary>
    internal bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        Service.Dispose();
        _emulator?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => IsOffline ? "offline (emulator)" : Service.Client.Endpoint.ToString();

    internal static NbConnection Online(
        GeminiEndpoint endpoint, GeminiCredential credential, string origin, GeminiClientOptions options,
            ModelCatalog catalog,
        PromptComposer composer, string? model, JudgeRules? judge = null, Allowance? allowance = null) =>
        new(new ImageService(
            new GeminiClient(endpoint, credential, options), catalog, composer,
                uploads: UploadCache.InFolder(UserFolders.Uploads))
                {
                    JudgeRules = judge ?? JudgeRules.BuiltIn,
                    Allowance = allowance ?? Allowance.OfUser(null, SpendingPeriod.Session, isRehearsal: false),
                },
            origin, model, emulator: null)
        {
            KeyVariable = origin == "environment" ? ServiceSettings.KeyOrigin : null,
        };

    internal static NbConnection Offline(
        GeminiClientOptions options, ModelCatalog catalog, PromptComposer composer, string? model, FaultScript faults,
            string? catalogPath, double drift = 0, JudgeRules? judge = null, Allowance? allowance = null)
    {
        var emulator = new EmulatorService(
            new EmulatorOptions { Faults = faults, CatalogPath = catalogPath, Drift = drift });
        var client = new GeminiClient(GeminiEndpoint.Offline, GeminiCredential.FromApiKey("offline"), options,
            new EmulatorHandler(emulator));
        var service = new ImageService(client, catalog, composer)
        {
            JudgeRules = judge ?? JudgeRules.BuiltIn, Allowance = allowance,
        };
        return new NbConnection(service, "none needed", model, emulator);
    }

    /// <summary>Makes a service that checks and prices requests but sends nothing, because it has no
    /// credential.</summary>
    internal static NbConnection Planning { get; } =
        Online(GeminiEndpoint.ForGemini(), GeminiCredential.None, "none", new GeminiClientOptions(),
            ModelCatalog.BuiltIn, PromptComposer.BuiltIn, model: null);

    /// <summary>The connection that the environment describes.</summary>
    /// <exception cref="NbException">No variable holds a key.</exception>
    internal static NbConnection FromEnvironment()
    {
        var options = new GeminiClientOptions
        {
            NoStore = ServiceSettings.NoStore,
            Headers = ServiceSettings.Headers,
            Api = ServiceSettings.Api(ServiceSettings.UsesVertex),
        };
        (GeminiEndpoint endpoint, GeminiCredential credential, string origin) = ServiceSettings.UsesVertex
            ? (ServiceSettings.Vertex(null, null, null, null), GoogleAuthExtension.Credential(),
                DefaultCredentialsOrigin)
            : (ServiceSettings.Gemini(null, null), OwnKey(options.Headers, out string from), from);
        NbConnection connection =
            Online(endpoint, credential, origin, options, ModelCatalog.BuiltIn, PromptComposer.BuiltIn, model: null);
        connection._environment = EnvironmentNow;
        return connection;
    }

    // A runspace of ForEach-Object -Parallel or of a job does not have the session's connection.
    private static GeminiCredential OwnKey(ConnectionHeaders headers, out string origin)
    {
        try
        {
            return FromKeyVariable(headers, out origin);
        }
        catch (NbException) when (RunspaceState.IsConnectedElsewhere)
        {
            throw ConnectionErrors.NotInRunspace();
        }
    }

    /// <summary>The key of the environment; none if a header authenticates the caller.</summary>
    /// <exception cref="NbException">No variable holds a key.</exception>
    internal static GeminiCredential FromKeyVariable(ConnectionHeaders headers, out string origin)
    {
        origin = ServiceSettings.ApiKey is null ? "header" : "environment";
        if (ServiceSettings.ApiKey is { } key) return GeminiCredential.FromApiKey(key, ServiceSettings.KeyNote);
        return headers.HasCredential ? GeminiCredential.None : throw ConnectionErrors.NoKey();
    }

    // A hash, so that the key itself is not kept here.
    private static string EnvironmentNow => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', ServiceSettings.Variables.Select(Environment.GetEnvironmentVariable)))));
}
