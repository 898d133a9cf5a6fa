using System.Text.Json;

namespace NanoBanana.GoogleAuth;

/// <summary>The file of the Application Default Credentials, in the place that Google's tools use.</summary>
internal static class CredentialFile
{
    private const string Named = "GOOGLE_APPLICATION_CREDENTIALS";

    /// <summary>Its path; null when there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Named) is { Length: > 0 } named) return named;
        string folder = Environment.GetEnvironmentVariable("CLOUDSDK_CONFIG") is { Length: > 0 } config ? config
            : OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "gcloud")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "gcloud");
        string left = Path.Combine(folder, "application_default_credentials.json");
        return File.Exists(left) ? left : null;
    }

    /// <summary>The kind of credential in it, such as service_account.</summary>
    public static string TypeOf(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("type", out JsonElement type)
            && type.ValueKind == JsonValueKind.String
            ? type.GetString()!
            : throw new FormatException("it has no type, so it is not a credential file.");
    }
}
