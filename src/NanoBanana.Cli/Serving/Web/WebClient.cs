using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>A client with a token.</summary>
internal sealed class WebClient
{
    private readonly byte[] _hash;
    private readonly Queue<long> _asked = new();

    /// <param name="name">Name of its folder; empty for the server's own.</param>
    /// <param name="token">The secret. Only its hash is kept.</param>
    /// <param name="maxCost">USD it may spend; null for the server's limit.</param>
    /// <param name="requestsPerMinute">Requests it may send within any minute; null for no limit.</param>
    public WebClient(string name, string token, decimal? maxCost = null, int? requestsPerMinute = null)
    {
        Name = name;
        MaxCost = maxCost;
        RequestsPerMinute = requestsPerMinute;
        _hash = Hash(token);
    }

    public string Name { get; }

    public decimal? MaxCost { get; }

    public int? RequestsPerMinute { get; }

    /// <summary>Reads a file of clients.</summary>
    /// <exception cref="NbException">It cannot be used.</exception>
    public static IReadOnlyList<WebClient> Load(string path)
    {
        try
        {
            Entry[] entries = JsonSerializer.Deserialize(File.ReadAllText(path), WebJson.Default.EntryArray) ?? [];
            foreach (Entry entry in entries)
            {
                bool isFolder = entry.Name is { Length: > 0 and <= 64 }
                    && entry.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
                if (!isFolder) throw new JsonException($"'{entry.Name}' is no name: letters, digits, - and _.");
                if (entry.Token is not { Length: >= 16 })
                {
                    throw new JsonException($"The token of '{entry.Name}' is shorter than 16 characters.");
                }
                if (entry.MaxCost < 0) throw new JsonException($"The maxCost of '{entry.Name}' is less than 0.");
                if (entry.RequestsPerMinute < 1)
                {
                    throw new JsonException($"The requestsPerMinute of '{entry.Name}' is less than 1.");
                }
            }
            if (entries.Length == 0) throw new JsonException("It names nobody.");
            if (entries.DistinctBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Count() < entries.Length)
            {
                throw new JsonException("Two have the same name.");
            }
            if (entries.DistinctBy(entry => entry.Token, StringComparer.Ordinal).Count() < entries.Length)
            {
                throw new JsonException("Two have the same token.");
            }
            return [.. entries.Select(entry =>
                new WebClient(entry.Name!, entry.Token!, entry.MaxCost, entry.RequestsPerMinute))];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NbException("Nb.Server.TokensInvalid", NbErrorKind.InvalidArgument,
                $"'{path}' cannot be used: {e.Message}",
                "It is a list such as [{\"name\": \"site\", \"token\": \"...\", \"maxCost\": 5}].", e);
        }
    }

    /// <summary>Whether a token is this client's, compared in constant time.</summary>
    public bool Has(string token) => CryptographicOperations.FixedTimeEquals(_hash, Hash(token));

    /// <summary>How long it must wait before it may send another request; counts the request if it need not
    /// wait.</summary>
    public TimeSpan WaitOrCount(TimeProvider time)
    {
        if (RequestsPerMinute is not { } most) return TimeSpan.Zero;
        lock (_asked)
        {
            while (_asked.TryPeek(out long first) && time.GetElapsedTime(first) >= TimeSpan.FromMinutes(1))
            {
                _asked.Dequeue();
            }
            if (_asked.Count >= most) return TimeSpan.FromMinutes(1) - time.GetElapsedTime(_asked.Peek());
            _asked.Enqueue(time.GetTimestamp());
            return TimeSpan.Zero;
        }
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    internal sealed record Entry(string? Name, string? Token, decimal? MaxCost, int? RequestsPerMinute);
}
