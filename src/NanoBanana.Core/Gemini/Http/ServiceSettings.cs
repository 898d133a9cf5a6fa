namespace NanoBanana.Gemini.Http;

/// <summary>What the environment says about the service, under the names that Google's SDKs use.</summary>
public static class ServiceSettings
{
    /// <summary>The variables an API key is looked for in, the first that is set wins.</summary>
    public static IReadOnlyList<string> KeyVariables { get; } = ["GOOGLE_API_KEY", "GEMINI_API_KEY"];

    /// <summary>The variable that points elsewhere.</summary>
    public const string BaseUriVariable = "GOOGLE_GEMINI_BASE_URL";

    /// <summary>The API key; null when no variable holds one.</summary>
    public static string? ApiKey => KeyVariables.Select(Read).FirstOrDefault(key => key is not null);

    /// <summary>The address to use instead of Google's; null when none is set.</summary>
    /// <exception cref="NbException">It is no address.</exception>
    public static Uri? BaseUri => Read(BaseUriVariable) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri
        : throw ServiceErrors.InvalidUri($"{BaseUriVariable} is '{text}'.");

    private static string? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
