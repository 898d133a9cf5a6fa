using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Http;

/// <summary>Headers that a user adds to every request, for a gateway in front of the service. Their values are treated
/// as secrets.</summary>
public sealed class ConnectionHeaders
{
    // Headers that the request itself sets.
    private static readonly string[] Reserved =
        ["Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Expect",
            "Upgrade", "Proxy-Authorization"];

    private static readonly string[] Words =
        ["auth", "key", "token", "secret", "cookie", "credential", "password", "signature", "session"];

    // A short value under a harmless name, such as 1 or acme, could appear in any text, so it is not hidden.
    private const int ShortestValue = 8;

    private readonly ImmutableArray<(string Name, string Value)> _all;

    private ConnectionHeaders(ImmutableArray<(string Name, string Value)> all) => _all = all;

    /// <summary>None.</summary>
    public static ConnectionHeaders None { get; } = new([]);

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _all.Select(header => header.Name);

    /// <summary>Whether one of them authenticates the caller, so that no Google key is needed.</summary>
    public bool HasCredential => _all.Any(header => header.Value.Length > 0 && IsSecret(header.Name));

    /// <summary>Identifies the caller without revealing it: a hash of the secret headers; empty when there are
    /// none.</summary>
    internal string Identity => !HasCredential ? "" : Blob.HashOf(
        "NanoBanana headers of " + string.Join('\n', _all.Where(header => IsSecret(header.Name))
            .Select(header => $"{header.Name.ToLowerInvariant()}: {header.Value}").Order(StringComparer.Ordinal)));

    /// <summary>Checks headers.</summary>
    /// <param name="headers">Names and values; the last value of a name is used.</param>
    /// <exception cref="NbException">One cannot be sent.</exception>
    public static ConnectionHeaders From(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var all = new List<(string Name, string Value)>();
        foreach ((string name, string value) in headers)
        {
            (string Name, string Value) header = Checked(name.Trim(), value.Trim());
            all.RemoveAll(other => other.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
            all.Add(header);
            // "Bearer abc": the second word is the secret.
            foreach (string word in header.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                bool isSecret = IsSecret(header.Name) && word is not ("Bearer" or "Basic" or "Token");
                if (isSecret || word.Length >= ShortestValue) Secrets.Add(word, isSecret);
            }
        }
        return all.Count == 0 ? None : new ConnectionHeaders([.. all]);
    }

    /// <summary>Reads headers as an environment variable has them: a JSON object, or lines of the form Name:
    /// value.</summary>
    /// <exception cref="NbException">It is neither, or a header cannot be sent.</exception>
    public static ConnectionHeaders Parse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return From(text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(Line));
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            return From([.. document.RootElement.EnumerateObject()
                .Select(field => KeyValuePair.Create(field.Name, field.Value.ValueKind == JsonValueKind.String
                ? field.Value.GetString()!
                    : throw ConnectionErrors.InvalidHeader(field.Name, "its value is not text.")))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's message is dropped, because it could quote a value.
            throw ConnectionErrors.InvalidHeader("{", "the JSON cannot be read.");
        }
    }

    /// <summary>One header as curl takes it: Name: value.</summary>
    /// <exception cref="NbException">It has no colon.</exception>
    public static KeyValuePair<string, string> Line(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        // A text without a colon may be a secret value, so it is not repeated.
        if (colon <= 0) throw ConnectionErrors.InvalidHeader("", "it has no form 'Name: value'.");
        return KeyValuePair.Create(line[..colon], line[(colon + 1)..]);
    }

    /// <summary>These headers with others added or replaced.</summary>
    public ConnectionHeaders With(ConnectionHeaders others) =>
        From([.. _all.Concat(others._all).Select(header => KeyValuePair.Create(header.Name, header.Value))]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names);

    internal void ApplyTo(HttpRequestHeaders headers)
    {
        foreach ((string name, string value) in _all)
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static (string Name, string Value) Checked(string name, string value)
    {
        bool isToken = name.Length > 0
            && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
        if (!isToken) throw ConnectionErrors.InvalidHeader(name, "a name consists of letters, digits and hyphens.");
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw ConnectionErrors.InvalidHeader(name, "the request needs its own.");
        }
        if (value.Any(c => c is < ' ' or > '~'))
        {
            throw ConnectionErrors.InvalidHeader(name,
                "its value holds line breaks or characters that a header cannot carry.");
        }
        return (name, value);
    }

    private static bool IsSecret(string name) =>
        Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
