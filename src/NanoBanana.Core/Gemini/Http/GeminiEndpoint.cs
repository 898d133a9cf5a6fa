using System.Text.RegularExpressions;

namespace NanoBanana.Gemini.Http;

/// <summary>Where the service is: the Gemini API, Vertex AI, or a compatible proxy or emulator.</summary>
public sealed partial class GeminiEndpoint
{
    private const string GeminiVersion = "v1";
    private const string VertexVersion = "v1beta1";
    private const string VertexHost = "aiplatform.googleapis.com";

    private readonly string _root;
    private readonly string _models;

    private GeminiEndpoint(Uri baseUri, string? apiVersion, string usualVersion, string? project, string? location)
    {
        (BaseUri, string? named) = BaseAddress.Read(Checked(baseUri));
        ApiVersion = CheckedVersion(apiVersion ?? named ?? usualVersion);
        Project = project;
        Location = location;
        _root = BaseUri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _models = project is null
            ? "models"
            : $"projects/{project}/locations/{location}/publishers/google/models";
    }

    // A name that never resolves (RFC 2606), so that no offline log looks as if something was sent to Google.
    private const string OfflineHost = "emulator.invalid";

    /// <summary>The address of the Gemini API.</summary>
    public static Uri DefaultBaseUri { get; } = new("https://generativelanguage.googleapis.com");

    /// <summary>Scheme, host and an optional path before the version.</summary>
    public Uri BaseUri { get; }

    /// <summary>Such as v1.</summary>
    public string ApiVersion { get; }

    /// <summary>The Google Cloud project, for Vertex AI.</summary>
    public string? Project { get; }

    /// <summary>The Google Cloud location, for Vertex AI.</summary>
    public string? Location { get; }

    /// <summary>Whether this is Vertex AI, which has other paths and neither Files nor this kind of batch.</summary>
    public bool IsVertex => Project is not null;

    /// <summary>The Gemini API.</summary>
    /// <param name="baseUri">A compatible address, with or without a version at its end; null for
    /// Google's.</param>
    /// <param name="apiVersion">The version in the path; null for the address's own, else v1.</param>
    /// <exception cref="NbException">The address is not an absolute https address (plain http: this machine only), or
    /// the
    /// version is none.</exception>
    public static GeminiEndpoint ForGemini(Uri? baseUri = null, string? apiVersion = null) =>
        new(baseUri ?? DefaultBaseUri, apiVersion, GeminiVersion, project: null, location: null);

    /// <summary>Vertex AI.</summary>
    /// <param name="project">Id of the Google Cloud project.</param>
    /// <param name="location">Such as us-central1, the multi-regions us and eu, or global.</param>
    /// <param name="baseUri">A compatible address, with or without a version at its end; null for
    /// Google's.</param>
    /// <param name="apiVersion">The version in the path; null for the address's own, else v1beta1.</param>
    /// <exception cref="NbException">An id, the version or the address cannot be used.</exception>
    internal static GeminiEndpoint ForVertex(string project, string location, Uri? baseUri = null,
        string? apiVersion = null)
    {
        if (!ProjectId().IsMatch(project))
        {
            throw ServiceErrors.InvalidUri($"'{project}' is no Google Cloud project id.");
        }
        if (!LocationId().IsMatch(location))
        {
            throw ServiceErrors.InvalidUri($"'{location}' is no Google Cloud location.");
        }
        string host = location switch
        {
            "global" => VertexHost,
            "us" or "eu" => $"aiplatform.{location}.rep.googleapis.com",
            _ => $"{location}-{VertexHost}",
        };
        return new GeminiEndpoint(baseUri ?? new Uri($"https://{host}"), apiVersion, VertexVersion, project, location);
    }

    /// <summary>The address of an emulator in this process; nothing leaves the machine.</summary>
    public static GeminiEndpoint Offline { get; } = ForGemini(new Uri($"https://{OfflineHost}"));

    /// <summary>Whether an emulator in this process answers.</summary>
    public bool IsOffline => BaseUri.Host == OfflineHost;

    /// <inheritdoc/>
    public override string ToString() => IsVertex ? $"{BaseUri.Authority} ({Project}, {Location})" : BaseUri.Authority;

    internal Uri Method(string model, string method) => At($"{ModelPath(model)}:{method}");

    internal Uri Model(string model) => At(IsVertex ? $"publishers/google/models/{ModelId(model)}" : ModelPath(model));

    internal Uri Models(int pageSize, string? pageToken) =>
        Page(IsVertex ? "publishers/google/models" : "models", pageSize, pageToken);

    internal Uri Page(string collection, int pageSize, string? pageToken) =>
        At(collection,
            $"?pageSize={pageSize}" + (pageToken is null ? "" : $"&pageToken={Uri.EscapeDataString(pageToken)}"));

    /// <summary>A resource by the name the service gave it, such as files/abc.</summary>
    internal Uri Resource(string name, string suffix = "", string query = "") =>
        At(string.Join('/', name.Split('/').Select(Segment)) + suffix, query);

    internal Uri Upload() => new($"{_root}/upload/{ApiVersion}/files");

    /// <summary>An address from the service, moved to the user's host, so that requests stay on the user's proxy and
    /// the key goes to no other host.</summary>
    internal Uri AtThisHost(Uri given)
    {
        string prefix = BaseUri.AbsolutePath.TrimEnd('/');
        // A gateway that passes the service's address on unchanged needs its prefix added; one that rewrites it has
        // added the prefix already.
        bool hasPrefix = prefix.Length == 0 || given.AbsolutePath.StartsWith(prefix + "/", StringComparison.Ordinal);
        return new UriBuilder(given)
        {
            Scheme = BaseUri.Scheme,
            Host = BaseUri.Host,
            Port = BaseUri.Port,
            Path = hasPrefix ? given.AbsolutePath : prefix + given.AbsolutePath,
        }.Uri;
    }

    private Uri At(string path, string query = "") => new($"{_root}/{ApiVersion}/{path}{query}");

    private string ModelPath(string model) =>
        model.StartsWith("tunedModels/", StringComparison.Ordinal) && !IsVertex
            ? $"tunedModels/{ModelId(model["tunedModels/".Length..])}"
            : $"{_models}/{ModelId(model)}";

    private static string ModelId(string model)
    {
        string id = model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
        return ModelIdText().IsMatch(id) ? id : throw ServiceErrors.UnusableModel(model);
    }

    private static string Segment(string segment) =>
        segment is "" or "." or ".." ? throw ServiceErrors.InvalidUri($"'{segment}' in a name.")
            : Uri.EscapeDataString(segment);

    private static string CheckedVersion(string version) =>
        BaseAddress.IsVersion(version) ? version
            : throw ServiceErrors.InvalidUri($"'{version}' is not a version of the API, such as v1 or v1beta.");

    private static Uri Checked(Uri uri)
    {
        if (!uri.IsAbsoluteUri) throw ServiceErrors.InvalidUri("it is not absolute.");
        if (uri.UserInfo.Length > 0)
        {
            throw ServiceErrors.InvalidUri("it holds a user name, which would end up in logs.");
        }
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw ServiceErrors.InvalidUri("it has a query or a fragment.");
        }
        if (uri.Scheme == Uri.UriSchemeHttps) return uri;
        if (uri.Scheme != Uri.UriSchemeHttp)
        {
            throw ServiceErrors.InvalidUri($"'{uri.Scheme}:' is neither https nor http.");
        }
        return uri.IsLoopback ? uri : throw ServiceErrors.InsecureUri(uri);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@-]*\z")]
    private static partial Regex ModelIdText();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.:-]*\z")]
    private static partial Regex ProjectId();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*\z")]
    private static partial Regex LocationId();
}
