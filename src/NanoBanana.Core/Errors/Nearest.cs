namespace NanoBanana.Errors;

/// <summary>Finds the word that somebody may have meant.</summary>
public static class Nearest
{
    // Longer ones are no slips of somebody who types, and comparing them takes much memory.
    private const int Longest = 256;

    /// <summary>The word of fewest changes from <paramref name="text"/>, or one that begins with it; null when none is
    /// near.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="words">What it may have been meant for.</param>
    public static string? To(string text, IEnumerable<string> words)
    {
        string[] all = [.. words];
        return To(text, all, within: Math.Max(1, text.Length / 2))
            ?? (text.Length > 2 ? all.FirstOrDefault(word => word.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            : null);
    }

    /// <summary>The word of fewest changes from <paramref name="text"/>; null when all need more.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="words">What it may have been meant for.</param>
    /// <param name="within">Most changes.</param>
    public static string? To(string text, IEnumerable<string> words, int within) => words
        .Where(word => text.Length <= Longest && Math.Abs(word.Length - text.Length) <= within)
        .Select(word => (Word: word, Changes: Changes(text.ToLowerInvariant(), word.ToLowerInvariant())))
        .Where(found => found.Changes <= within)
        .OrderBy(found => found.Changes)
        .Select(found => found.Word)
        .FirstOrDefault();

    // Letters added, dropped or changed (Levenshtein), or two beside each other exchanged (Damerau).
    private static int Changes(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) table[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(changed, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                bool isExchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (isExchanged) table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
