namespace NanoBanana.Emulator.Judging;

/// <summary>Names as people spell them: any case, with underscores, hyphens or none.</summary>
internal static class Words
{
    private static readonly string[] Good = ["same", "pass", "accept", "yes", "good", "ok", "high", "match"];
    private static readonly string[] Bad =
        ["differ", "other", "fail", "reject", "bad", "low", "not", "mismatch", "unaccept"];

    public static string Normal(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public static bool Any(string name, params string[] words)
    {
        string normal = Normal(name);
        return words.Any(word => normal.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>Whether a choice in a list of values says that two pictures are the same.</summary>
    public static bool IsGood(string choice) => !IsBad(choice) && Any(choice, Good);

    /// <summary>Whether a choice in a list of values says that two pictures differ.</summary>
    public static bool IsBad(string choice) => Normal(choice) == "no" || Any(choice, Bad);
}
