using System.Text.RegularExpressions;

namespace NanoBanana.Gemini.Http;

/// <summary>Makes sense of the address that people copy from somewhere: with a version, a method's path or slashes at
/// its end.</summary>
internal static partial class BaseAddress
{
    // What may stand behind the version: paths of the API itself.
    private static readonly string[] Collections =
        ["models", "files", "batches", "openai", "interactions", "projects", "publishers", "tunedModels"];

    /// <summary>The part in front of the version, and the version; null when the address names none.</summary>
    public static (Uri Root, string? Version) Read(Uri address)
    {
        List<string> segments = [.. address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        // A version further in front, as in the address of some gateways, belongs to them.
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
