namespace NanoBanana.Batches.Manifests;

/// <summary>The name of an edition, such as a week or a date: a batch is made again for each edition.</summary>
internal static class BatchEdition
{
    private const int Longest = 100;

    /// <summary>The name without spaces around it; null for none.</summary>
    /// <exception cref="NbException">It is too long, or contains characters that are not allowed.</exception>
    public static string? Checked(string? edition)
    {
        string? name = edition?.Trim();
        if (string.IsNullOrEmpty(name)) return null;
        return name.Length <= Longest && !name.Any(char.IsControl) ? name : throw ManifestErrors.InvalidEdition(name);
    }
}
