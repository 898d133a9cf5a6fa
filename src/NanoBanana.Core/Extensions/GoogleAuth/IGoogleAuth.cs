using NanoBanana.Gemini.Http;

namespace NanoBanana.Extensions.GoogleAuth;

/// <summary>Google's credentials. Implemented by the extension NanoBanana.GoogleAuth.</summary>
public interface IGoogleAuth
{
    /// <summary>The Application Default Credentials of this process as it is now: what GOOGLE_APPLICATION_CREDENTIALS
    /// names, what
    /// <c>gcloud auth application-default login</c> left, or the machine's own in Google Cloud. Sends nothing
    /// yet.</summary>
    /// <returns>Returns a token for every request; it is cached, and renewed before it expires.</returns>
    /// <exception cref="NbException">Their file cannot be used (Nb.Connection.NoCredentials).</exception>
    Func<CancellationToken, ValueTask<AccessToken>> FindDefault();
}
