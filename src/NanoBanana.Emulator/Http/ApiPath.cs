namespace NanoBanana.Emulator.Http;

/// <summary>A parsed request path: /upload/v1beta/files, /v1/models/x:verb, Vertex AI's project paths.</summary>
internal sealed record ApiPath
{
    private static readonly string[] Versions = ["v1", "v1beta", "v1beta1", "v1alpha"];

    public required string Version { get; init; }

    /// <summary>"upload", "download" or nothing.</summary>
    public string Prefix { get; init; } = "";

    public bool IsVertex { get; init; }

    /// <summary>projects/p/locations/l for Vertex AI.</summary>
    public string Parent { get; init; } = "";

    /// <summary>The collection: models, files, batches, interactions.</summary>
    public required string Collection { get; init; }

    /// <summary>The id within the collection, or null for the collection itself.</summary>
    public string? Id { get; init; }

    /// <summary>The verb after the colon or after an interaction's id; null for none.</summary>
    public string? Verb { get; init; }

    /// <summary>Null for a path the service does not have.</summary>
    public static ApiPath? Parse(string path)
    {
        List<string> words = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        string prefix = "";
        if (words.Count > 0 && words[0] is "upload" or "download")
        {
            prefix = words[0];
            words.RemoveAt(0);
        }

        if (words.Count < 2 || !Versions.Contains(words[0])) return null;
        string version = words[0];
        words.RemoveAt(0);

        string parent = "";
        bool isVertex = false;
        if (words.Count >= 4 && words[0] == "projects" && words[2] == "locations")
        {
            isVertex = true;
            parent = string.Join('/', words.Take(4));
            words.RemoveRange(0, 4);
        }

        if (words.Count >= 2 && words[0] == "publishers")
        {
            isVertex = true;
            words.RemoveRange(0, 2);
        }

        // An interaction's verb is a word of the path.
        string? verb = null;
        if (words is ["interactions", _, _])
        {
            verb = words[2];
            words.RemoveAt(2);
        }

        if (words.Count is < 1 or > 2) return null;

        string last = words[^1];
        int colon = last.LastIndexOf(':');
        string name = colon < 0 ? last : last[..colon];
        return new ApiPath
        {
            Version = version,
            Prefix = prefix,
            IsVertex = isVertex,
            Parent = parent,
            Collection = words.Count == 1 ? name : words[0],
            Id = words.Count == 1 ? null : name,
            Verb = verb ?? (colon < 0 ? null : last[(colon + 1)..]),
        };
    }
}
