using NanoBanana.Images;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Distinguishes prompts from file paths, which would be sent and paid for as words.</summary>
internal static class PromptInput
{
    private static readonly string[] ManifestExtensions = [".json", ".jsonl", ".ndjson"];

    // A text with one of these extensions that names an existing file is not a prompt. A file without extension, such
    // as fox, may be meant as the word.
    private static readonly string[] Extensions =
        [.. ManifestExtensions, ".csv", ".tsv", ".yaml", ".yml", ".txt", ".md"];

    // Of any system.
    private const int LongestPath = 32_767;

    /// <summary>Whether a file has the extension of a manifest.</summary>
    public static bool IsManifest(string path) => HasExtension(path, ManifestExtensions);

    /// <summary>The full path of a file or folder named by a text; null for a prompt.</summary>
    /// <param name="text">As typed or piped; a FileInfo binds to text as its full path.</param>
    /// <param name="baseFolder">Full path of the folder that relative paths are in.</param>
    public static string? FileOf(string text, string baseFolder)
    {
        // Such a text cannot be a path.
        if (text.Length > LongestPath || text.Contains('\0', StringComparison.Ordinal)) return null;
        if (Path.IsPathFullyQualified(text)) return Path.Exists(text) ? text : null;
        bool isNamed = ImageFile.HasImageExtension(text) || HasExtension(text, Extensions);
        return isNamed && Path.GetFullPath(text, baseFolder) is var path && File.Exists(path) ? path : null;
    }

    private static bool HasExtension(string path, string[] extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
