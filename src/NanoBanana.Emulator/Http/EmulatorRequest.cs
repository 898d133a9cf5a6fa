namespace NanoBanana.Emulator.Http;

/// <summary>One request, however it arrived (in process or on a socket).</summary>
internal sealed class EmulatorRequest
{
    public required string Method { get; init; }

    /// <summary>The path, decoded, beginning with a slash.</summary>
    public required string Path { get; init; }

    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>The headers by name, ignoring case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required Stream Body { get; init; }

    /// <summary>Scheme and authority the client used: addresses in answers begin with it.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>True when it came through a server that other machines can reach.</summary>
    public bool NeedsToken { get; init; }

    /// <summary>The request as the service behind a base path sees it, or null when it does not begin with that
    /// path.</summary>
    /// <param name="basePath">Such as /gemini; nothing for the root.</param>
    public EmulatorRequest? Below(string basePath)
    {
        string prefix = basePath.Trim('/');
        if (prefix.Length == 0) return this;
        return !Path.StartsWith($"/{prefix}/", StringComparison.Ordinal) ? null : new EmulatorRequest
        {
            Method = Method,
            Path = Path[(prefix.Length + 1)..],
            Query = Query,
            Headers = Headers,
            Body = Body,
            BaseUri = new Uri(BaseUri, $"/{prefix}/"),
            NeedsToken = NeedsToken,
        };
    }

    /// <summary>The address of a path of the service, as this client reaches it.</summary>
    public Uri Address(string path) => new(BaseUri, path.TrimStart('/'));

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static IReadOnlyDictionary<string, string> ParseQuery(string query)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            string value = equals < 0 ? "" : pair[(equals + 1)..];
            values[Decode(name)] = Decode(value);
        }

        return values;

        static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }
}
