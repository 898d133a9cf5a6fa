using System.Text.RegularExpressions;

namespace NanoBanana.Gemini.Http;

/// <summary>Parses addresses as people copy them: with a version, a method's path or slashes at the end.</summary>
internal static partial class BaseAddress
{
    // Paths of the API that may follow the version.
    private static readonly string[] Collections =
        ["models", "files", "batches", "openai", "interactions", "projects", "publishers", "tunedModels"];

    /// <summary>The part before the version, and the version; null when the address has none.</summary>
    public static (Uri Root, string? Version) Read(Uri address)
    {
        List<string> segments = [.. address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        // An earlier version in the path belongs to a gateway's own address.
        int at = segments.FindLastIndex(IsVersion);
        string? version = null;
        if (at >= 0 && (at == segments.Count - 1 || Collections.Contains(Name(segments[at + 1]))))
        {
            version = segments[at];
            segments.RemoveRange(at, segments.Count - at);
            if (segments.Count > 0 && segments[^1] == "upload") segments.RemoveAt(segments.Count - 1);
        }
        else if (segments.FindLastIndex(segment => Name(segment) == "models") is >= 0 and var models
            && models >= segments.Count - 2)
        {
            segments.RemoveRange(models, segments.Count - models);
        }
        return (new UriBuilder(address.Scheme, address.Host, address.Port, string.Join('/', segments)).Uri, version);
    }

    /// <summary>Whether a text is a version such as v1, v1beta or v1beta1.</summary>
    public static bool IsVersion(string text) => VersionText().IsMatch(text);

    private static string Name(string segment) => segment.Split(':')[0];

    [GeneratedRegex(@"^v[0-9]{1,2}(?:(?:alpha|beta|main)[0-9]{0,2})?\z")]
    private static partial Regex VersionText();
}
