namespace NanoBanana.Gemini.Http;

/// <summary>An OAuth access token. Its text form does not contain it.</summary>
/// <param name="value">The token.</param>
/// <param name="quotaProject">The Google Cloud project that is charged, if it differs from the one that is
/// called.</param>
public sealed class AccessToken(string value, string? quotaProject = null)
{
    /// <summary>The project that is charged; null for the one that is called.</summary>
    public string? QuotaProject => quotaProject;

    internal string Value => value;

    /// <inheritdoc/>
    public override string ToString() => "access token";
}
