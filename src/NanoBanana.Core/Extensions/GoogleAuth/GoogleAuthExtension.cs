using NanoBanana.Gemini.Http;

namespace NanoBanana.Extensions.GoogleAuth;

/// <summary>The extension that finds Google's credentials.</summary>
public static class GoogleAuthExtension
{
    /// <summary>The extension; loaded when its value is first asked for.</summary>
    public static Extension<IGoogleAuth> Current { get; } = new("NanoBanana.GoogleAuth")
    {
        Instead = "Or do without it: {way:connectWithToken}.",
    };

    /// <summary>Google's Application Default Credentials; GOOGLE_CLOUD_QUOTA_PROJECT names the project to charge if
    /// they do not.</summary>
    /// <exception cref="NbException">The extension or the credentials cannot be used.</exception>
    public static GeminiCredential Credential()
    {
        Func<CancellationToken, ValueTask<AccessToken>> find = Current.Value.FindDefault();
        return GeminiCredential.FromToken(async token =>
        {
            AccessToken found = await find(token).ConfigureAwait(false);
            return ServiceSettings.QuotaProject is { } project ? new AccessToken(found.Value, project) : found;
        });
    }
}
