namespace NanoBanana.Extensions.GoogleAuth;

/// <summary>The extension that finds Google's credentials.</summary>
public static class GoogleAuthExtension
{
    /// <summary>The extension; loaded when its value is first asked for.</summary>
    public static Extension<IGoogleAuth> Current { get; } = new("NanoBanana.GoogleAuth")
    {
        Instead = "Or bring a token: Connect-NbService -Project my-project -AccessToken (gcloud auth print-access-token).",
    };
}
