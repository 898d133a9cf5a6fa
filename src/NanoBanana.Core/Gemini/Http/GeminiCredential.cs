using System.Net.Http.Headers;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Http;

/// <summary>Authenticates requests. Its text form never contains the secret.</summary>
public abstract class GeminiCredential
{
    private const string KeyHeader = "x-goog-api-key";
    private const string QuotaHeader = "x-goog-user-project";

    private protected GeminiCredential()
    {
    }

    /// <summary>No credential, for a service that needs none, such as the emulator.</summary>
    public static GeminiCredential None { get; } = new NoCredential();

    /// <summary>An API key, sent in a header.</summary>
    /// <param name="key">The key.</param>
    /// <param name="note">A sentence on where the key came from, for its errors; null for none.</param>
    /// <exception cref="NbException">The key is empty or holds characters that a header cannot carry.</exception>
    public static GeminiCredential FromApiKey(string key, string? note = null)
    {
        string trimmed = key.Trim();
        if (trimmed.Length == 0 || trimmed.Any(c => c is <= ' ' or > '~')) throw ServiceErrors.UnusableKey();
        Secrets.Add(trimmed);
        return new ApiKey(trimmed) { Note = note };
    }

    /// <summary>An access token, requested before every call so that it can be renewed.</summary>
    public static GeminiCredential FromToken(Func<CancellationToken, ValueTask<AccessToken>> getToken) =>
        new Bearer(getToken);

    internal abstract ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>A sentence on where the credential came from, for its errors; null for none.</summary>
    internal string? Note { get; private init; }

    /// <summary>Identifies the credential without revealing it; empty when there is none.</summary>
    internal virtual string Identity => "";

    private sealed class NoCredential : GeminiCredential
    {
        public override string ToString() => "no credential";

        internal override ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            default;
    }

    private sealed class ApiKey(string key) : GeminiCredential
    {
        public override string ToString() => "API key";

        // A key is too long to be guessed from its hash.
        internal override string Identity =>
            Blob.HashOf("NanoBanana files of " + key);

        internal override ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation(KeyHeader, key);
            return default;
        }
    }

    private sealed class Bearer(Func<CancellationToken, ValueTask<AccessToken>> getToken) : GeminiCredential
    {
        private string? _last;

        public override string ToString() => "access token";

        internal override async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            AccessToken token = await getToken(cancellationToken).ConfigureAwait(false);
            if (token.Value != _last) Secrets.Add(_last = token.Value);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            if (token.QuotaProject is { } project) request.Headers.TryAddWithoutValidation(QuotaHeader, project);
        }
    }
}
