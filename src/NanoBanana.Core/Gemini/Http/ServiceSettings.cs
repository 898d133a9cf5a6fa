using System.Globalization;

namespace NanoBanana.Gemini.Http;

/// <summary>The service's settings in environment variables, with the names of Google's SDKs and a few additional
/// ones.</summary>
public static class ServiceSettings
{
    /// <summary>The variable with another address.</summary>
    public const string BaseUriVariable = "GOOGLE_GEMINI_BASE_URL";

    /// <summary>The variable with another address for Vertex AI.</summary>
    public const string VertexBaseUriVariable = "GOOGLE_VERTEX_BASE_URL";

    /// <summary>The variable with the API's version.</summary>
    public const string ApiVersionVariable = "GOOGLE_GENAI_API_VERSION";

    /// <summary>The variable with additional headers: a JSON object, or lines of the form Name: value.</summary>
    public const string HeadersVariable = "NB_HEADERS";

    /// <summary>The variable that asks the service to keep no copy of requests: 1 or true.</summary>
    public const string NoStoreVariable = "NB_NO_STORE";

    /// <summary>The variable with the API to use: GenerateContent or Interactions.</summary>
    public const string ApiVariable = "NB_API";

    /// <summary>The variable with the USD from which on a command asks before it sends anything.</summary>
    public const string ConfirmCostVariable = "NB_CONFIRM_COST";

    private const string EnterpriseVariable = "GOOGLE_GENAI_USE_ENTERPRISE";
    private const string VertexVariable = "GOOGLE_GENAI_USE_VERTEXAI";
    private const string ProjectVariable = "GOOGLE_CLOUD_PROJECT";
    private const string LocationVariable = "GOOGLE_CLOUD_LOCATION";
    private const string QuotaProjectVariable = "GOOGLE_CLOUD_QUOTA_PROJECT";

    /// <summary>The variables for an API key; the first one that is set is used.</summary>
    public static IReadOnlyList<string> KeyVariables { get; } = ["GOOGLE_API_KEY", "GEMINI_API_KEY"];

    /// <summary>Every variable that a connection depends on.</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        .. KeyVariables, BaseUriVariable, VertexBaseUriVariable, ApiVersionVariable, HeadersVariable, NoStoreVariable,
        ApiVariable, EnterpriseVariable, VertexVariable, ProjectVariable, LocationVariable, QuotaProjectVariable,
    ];

    /// <summary>The API key; null when no variable holds one.</summary>
    public static string? ApiKey => KeyVariable is { } name ? Read(name) : null;

    /// <summary>Whether the environment has a credential: a project of Vertex AI, a key, or a header.</summary>
    /// <exception cref="NbException">The headers cannot be sent.</exception>
    public static bool HasCredential =>
        (UsesVertex && Project is not null) || ApiKey is not null || Headers.HasCredential;

    /// <summary>Where the API key comes from, for people; null when no variable holds one.</summary>
    public static string? KeyOrigin =>
        KeyVariable is not { } name ? null : LosingVariable is { } other ? $"{name} (wins over {other})" : name;

    /// <summary>A sentence on where the key comes from, for its errors.</summary>
    public static string? KeyNote => KeyVariable is not { } name ? null
        : LosingVariable is { } other
            ? $"The key was taken from {name}, which wins over {other}: is it the one you mean?"
        : $"The key was taken from {name}.";

    /// <summary>The address to use instead of Google's; null when none is set.</summary>
    /// <exception cref="NbException">It is not an address.</exception>
    public static Uri? BaseUri => Address(BaseUriVariable);

    /// <summary>The address to use instead of Vertex AI's; null when none is set.</summary>
    /// <exception cref="NbException">It is not an address.</exception>
    public static Uri? VertexBaseUri => Address(VertexBaseUriVariable);

    /// <summary>Whether Vertex AI is the default.</summary>
    public static bool UsesVertex => IsOn(EnterpriseVariable) ?? IsOn(VertexVariable) ?? false;

    /// <summary>The Google Cloud project; null when none is set.</summary>
    public static string? Project => Read(ProjectVariable);

    /// <summary>The Google Cloud location; null when none is set.</summary>
    public static string? Location => Read(LocationVariable);

    /// <summary>The Google Cloud project whose quota an access token uses; null when none is set.</summary>
    public static string? QuotaProject => Read(QuotaProjectVariable);

    /// <summary>Whether the service is asked to keep no copy of requests.</summary>
    public static bool NoStore => IsOn(NoStoreVariable) ?? false;

    /// <summary>The default API. Vertex AI has only one, whatever the variable says.</summary>
    /// <param name="isVertex">Whether Vertex AI is used.</param>
    /// <exception cref="NbException">The variable names no API.</exception>
    public static ModelApi Api(bool isVertex) =>
        !isVertex && Read(ApiVariable) is { } name ? ParseApi(name, ApiVariable) : default;

    /// <summary>Finds an API by name, ignoring case.</summary>
    /// <param name="name">Such as interactions.</param>
    /// <param name="origin">Where the name was read.</param>
    /// <exception cref="NbException">There is none.</exception>
    public static ModelApi ParseApi(string name, string origin) =>
        Enum.TryParse(name, ignoreCase: true, out ModelApi api) && Enum.IsDefined(api) && !char.IsAsciiDigit(name[0])
            ? api : throw ConnectionErrors.UnknownApi(name, origin);

    /// <summary>Headers to send with every request.</summary>
    /// <exception cref="NbException">They cannot be sent.</exception>
    public static ConnectionHeaders Headers =>
        Read(HeadersVariable) is { } text ? ConnectionHeaders.Parse(text) : ConnectionHeaders.None;

    /// <summary>The Gemini API, with settings from the environment for everything not given.</summary>
    /// <param name="address">An address given by hand; null for the environment's.</param>
    /// <param name="version">A version given by hand; null for that of the address, else the environment's.</param>
    /// <exception cref="NbException">The address or the version cannot be used.</exception>
    public static GeminiEndpoint Gemini(Uri? address, string? version)
    {
        address ??= BaseUri;
        return GeminiEndpoint.ForGemini(address, VersionFor(address, version));
    }

    /// <summary>Vertex AI, with settings from the environment for everything not given.</summary>
    /// <param name="project">A project given by hand; null for the environment's.</param>
    /// <param name="location">A location given by hand; null for the environment's, else global.</param>
    /// <param name="address">An address given by hand; null for the environment's.</param>
    /// <param name="version">A version given by hand; null for that of the address. The variable is for the Gemini API,
    /// whose versions Vertex AI lacks.</param>
    /// <exception cref="NbException">There is no project, or something cannot be used.</exception>
    public static GeminiEndpoint Vertex(string? project, string? location, Uri? address, string? version) =>
        GeminiEndpoint.ForVertex(
        project ?? Project ?? throw ConnectionErrors.NoProject(), location ?? Location ?? "global", address
            ?? VertexBaseUri, version);

    /// <summary>USD from which on a command asks before it sends anything: what NB_CONFIRM_COST holds; 5 where that is
    /// no amount.</summary>
    public static decimal ConfirmCost => decimal.TryParse(Read(ConfirmCostVariable), NumberStyles.Number,
        CultureInfo.InvariantCulture, out decimal usd) && usd >= 0 ? usd : 5;

    private static string? KeyVariable => KeyVariables.FirstOrDefault(name => Read(name) is not null);

    private static string? LosingVariable =>
        KeyVariables.FirstOrDefault(name => Read(name) is { } key && key != ApiKey);

    private static string? VersionFor(Uri? address, string? version) =>
        version ?? (address is { IsAbsoluteUri: true }
            && BaseAddress.Read(address).Version is not null ? null : Read(ApiVersionVariable));

    private static Uri? Address(string variable) => Read(variable) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri
        : throw ServiceErrors.InvalidUri($"{variable} is '{text}'.");

    private static bool? IsOn(string variable) => Read(variable)?.ToLowerInvariant() switch
    {
        null => null,
        "1" or "true" or "yes" or "on" => true,
        _ => false,
    };

    private static string? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value
            && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
