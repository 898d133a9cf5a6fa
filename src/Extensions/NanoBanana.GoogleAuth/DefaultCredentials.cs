using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Http;
using NanoBanana.Extensions.GoogleAuth;
using NanoBanana.Gemini.Http;

namespace NanoBanana.GoogleAuth;

/// <summary>Application Default Credentials, by Google's own library: it caches a token and renews it minutes before it
/// expires.</summary>
public sealed class DefaultCredentials : IGoogleAuth
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly IHttpClientFactory _http;

    /// <summary>Uses Google's servers.</summary>
    public DefaultCredentials()
        : this(new HttpClientFactory())
    {
    }

    /// <summary>Uses the servers that the factory's clients reach.</summary>
    internal DefaultCredentials(IHttpClientFactory http) => _http = http;

    /// <inheritdoc/>
    public Func<CancellationToken, ValueTask<AccessToken>> FindDefault()
    {
        GoogleCredential? credential = CredentialFile.Find() is { } path ? Read(path) : null;
        return async cancellationToken =>
        {
            credential ??= await OfMachineAsync(cancellationToken).ConfigureAwait(false);
            return await GetTokenAsync(credential, cancellationToken).ConfigureAwait(false);
        };
    }

    private GoogleCredential Read(string path)
    {
        try
        {
            return Scoped(CredentialFactory.FromFile(path, CredentialFile.TypeOf(path)));
        }
        catch (Exception e)
        {
            // The library's readers of keys and JSON throw exceptions of many types.
            throw ConnectionErrors.NoCredentials($"'{path}' cannot be used: {e.Message}", e);
        }
    }

    // The library looks this up once per process and keeps the result, so files are read above, again for every
    // connection.
    private async Task<GoogleCredential> OfMachineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Scoped(await GoogleCredential.GetApplicationDefaultAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidOperationException e)
        {
            throw ConnectionErrors.NoCredentials(
                "GOOGLE_APPLICATION_CREDENTIALS names no file, gcloud has left none, and this is not a machine of Google Cloud.",
                e);
        }
    }

    private GoogleCredential Scoped(GoogleCredential credential) =>
        credential.CreateScoped(Scope).CreateWithEnvironmentQuotaProject().CreateWithHttpClientFactory(_http);

    private static async Task<AccessToken> GetTokenAsync(GoogleCredential credential,
        CancellationToken cancellationToken)
    {
        try
        {
            string token = await ((ITokenAccess)credential).GetAccessTokenForRequestAsync(null, cancellationToken)
                .ConfigureAwait(false);
            return new AccessToken(token, credential.QuotaProject);
        }
        catch (TokenResponseException e)
        {
            throw ConnectionErrors.TokenRefused(e.Error?.ErrorDescription ?? e.Error?.Error
                ?? $"HTTP {(int?)e.StatusCode}", e);
        }
        catch (HttpRequestException e)
        {
            throw ServiceErrors.NotConnected("Google's token service", e);
        }
    }
}
