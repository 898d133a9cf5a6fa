namespace NanoBanana.Judging;

/// <summary>Words in a text.</summary>
internal static class Words
{
    /// <summary>Whether a word, or several, stand in a text as words of their own: "sale" is not in "wholesale".
    /// Alphabets without spaces have no such borders.</summary>
    public static bool Stand(string word, string text)
    {
        if (word.Length == 0) return false;
        for (int at = 0; (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            bool isOpen = at == 0 || !IsLetter(text[at - 1]) || !IsLetter(word[0]);
            int end = at + word.Length;
            bool isClosed = end == text.Length || !IsLetter(text[end]) || !IsLetter(word[^1]);
            if (isOpen && isClosed) return true;
        }
        return false;
    }

    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) && c < '\u2E80';
}
