namespace NanoBanana.Batches;

/// <summary>Finds the word that somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The word of fewest changes from <paramref name="text"/>; null when none is near.</summary>
    public static string? To(string text, IEnumerable<string> words)
    {
        string wanted = text.ToLowerInvariant();
        int limit = Math.Max(1, wanted.Length / 2);
        return words
            .Select(word => (Word: word, Distance: Distance(wanted, word.ToLowerInvariant())))
            .Where(found => found.Distance <= limit || (wanted.Length > 2 && found.Word.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(found => found.Distance)
            .Select(found => found.Word)
            .FirstOrDefault();
    }

    // Levenshtein: letters added, dropped or changed.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
