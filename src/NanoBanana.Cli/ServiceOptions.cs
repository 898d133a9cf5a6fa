using System.CommandLine;
using System.CommandLine.Parsing;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using NanoBanana.Extensions.GoogleAuth;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Cli;

/// <summary>The options for the service and its models.</summary>
internal sealed class ServiceOptions
{
    private readonly Option<bool> _offline =
        new("--offline") { Description = "Use the built-in emulator: no key, no network, no cost." };
    private readonly Option<Uri?> _baseUri =
        new("--base-uri") { Description = "Another address of the service; plain http for this machine only.",
        HelpName = "URI", CustomParser = ParseUri };
    private readonly Option<string?> _apiVersion =
        new("--api-version") { Description = "Version of the API, such as v1beta; v1 by default.",
        HelpName = "V" };
    private readonly Option<string[]> _headers = new("--header")
    {
        Description =
            "A header to send with every request, for a gateway: 'Name: value'. May be given again; NB_HEADERS keeps values out of the command line.",
        HelpName = "H",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<ModelApi?> _api = new("--api")
    {
        Description = "The API to use: GenerateContent, or Interactions, whose answers the service keeps.",
        HelpName = "API",
    };

    private readonly Option<bool> _noStore =
        new("--no-store") { Description = "Ask the service to keep no copy of requests." };
    private readonly Option<bool> _noUpload =
        new("--no-upload") { Description = "Send pictures inside requests and upload none." };
    private readonly Option<FileInfo?> _catalog = CatalogOption();

    public static Option<FileInfo?> CatalogOption() =>
        new("--catalog") { Description = "Catalog file that overlays the built-in one.", HelpName = "FILE" };

    /// <exception cref="NbException">The file cannot be used.</exception>
    public static ModelCatalog Catalog(ParseResult parsed, Option<FileInfo?> option) =>
        parsed.GetValue(option) is { } file ? ModelCatalog.Load(file.FullName) : ModelCatalog.BuiltIn;

    public ServiceOptions AddTo(Command command)
    {
        command.Options.Add(_offline);
        command.Options.Add(_baseUri);
        command.Options.Add(_apiVersion);
        command.Options.Add(_headers);
        command.Options.Add(_api);
        command.Options.Add(_noStore);
        command.Options.Add(_noUpload);
        command.Options.Add(_catalog);
        return this;
    }

    /// <summary>The given API; null for none.</summary>
    public ModelApi? Api(ParseResult parsed) => parsed.GetValue(_api);

    /// <summary>Whether the emulator answers, so that no money is spent.</summary>
    public bool IsOffline(ParseResult parsed) => parsed.GetValue(_offline);

    /// <summary>Connects.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isSending">Whether requests will be sent, so that a key is needed.</param>
    /// <param name="isNoted">Whether the cost of its calls is recorded for daily or monthly budgets. Commands whose
    /// budget has its own allowance record it there.</param>
    /// <exception cref="NbException">There is no key, or the address or the catalog cannot be used.</exception>
    public ImageService Connect(ParseResult parsed, bool isSending, bool isNoted = true)
    {
        ModelCatalog catalog = Catalog(parsed, _catalog);
        var options = new GeminiClientOptions
        {
            NoStore = parsed.GetValue(_noStore) || ServiceSettings.NoStore,
            Api = Api(parsed) ?? ServiceSettings.Api(ServiceSettings.UsesVertex),
            NoUpload = parsed.GetValue(_noUpload),
        };
        if (parsed.GetValue(_offline) || !isSending)
        {
            var handler =
                new EmulatorHandler(
                new EmulatorService(new EmulatorOptions { CatalogPath = parsed.GetValue(_catalog)?.FullName }));
            var emulator =
                new GeminiClient(GeminiEndpoint.Offline, GeminiCredential.FromApiKey("offline"), options, handler);
            return new ImageService(emulator, catalog);
        }
        options = options with { Headers =
            ServiceSettings.Headers.With(
            ConnectionHeaders.From(parsed.GetValue(_headers)!.Select(ConnectionHeaders.Line))) };
        Uri? address = parsed.GetValue(_baseUri);
        string? version = parsed.GetValue(_apiVersion);
        GeminiClient client = ServiceSettings.UsesVertex
            ? new(ServiceSettings.Vertex(null, null, address, version), GoogleAuthExtension.Credential(), options)
            : new(ServiceSettings.Gemini(address, version), Credential(options.Headers), options);
        return new ImageService(client, catalog, uploads: UploadCache.InFolder(UserFolders.Uploads))
        {
            Allowance = isNoted ? Allowance.OfUser(null, SpendingPeriod.Session, isRehearsal: false) : null,
        };
    }

    private static GeminiCredential Credential(ConnectionHeaders headers) => ServiceSettings.ApiKey is { } key
        ? GeminiCredential.FromApiKey(key, ServiceSettings.KeyNote)
        : headers.HasCredential ? GeminiCredential.None : throw ConnectionErrors.NoKey();

    private static Uri? ParseUri(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? uri)) return uri;
        result.AddError($"'{result.Tokens[0].Value}' is not an address such as https://example.org.");
        return null;
    }
}
