using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Judging;

/// <summary>Lettering, ordered and read back, letter by letter.</summary>
public static partial class Lettering
{
    /// <summary>What a prompt puts in quotation marks: the words that should stand in the picture.</summary>
    internal static ImmutableArray<string> OrderedIn(string prompt) =>
    [
        .. Quoted().Matches(prompt)
            .Select(match => match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value.Trim())
            .Where(text => text.Length > 0).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Finds what was ordered in what was read: a line of its own, part of one, or several in a row.</summary>
    /// <param name="ordered">What should stand there.</param>
    /// <param name="read">The lines that do.</param>
    public static ImmutableArray<LetteringCheck> Compare(IEnumerable<string> ordered, ImmutableArray<string> read) =>
        [.. ordered.Select(text => Compare(text, read))];

    private static LetteringCheck Compare(string ordered, ImmutableArray<string> read)
    {
        string[] wanted = Letters(ordered);
        var best = new LetteringCheck(ordered, "", wanted.Length);
        foreach (string line in Runs(read))
        {
            int wrong = Distance(wanted, Letters(line));
            if (wrong < best.WrongLetters) best = new LetteringCheck(ordered, line, wrong);
        }
        // The order in a longer line is right too: a poster's line may hold more than what was asked for.
        string joined = string.Concat(read.SelectMany(Letters));
        return best.WrongLetters > 0 && string.Concat(wanted) is { Length: > 2 } whole
            && joined.Contains(whole, StringComparison.Ordinal) ? new LetteringCheck(ordered, ordered, 0) : best;
    }

    // Lettering breaks its lines where it likes.
    private static IEnumerable<string> Runs(ImmutableArray<string> lines)
    {
        for (int start = 0; start < lines.Length; start++)
        {
            for (int count = 1; count <= Math.Min(4, lines.Length - start); count++)
            {
                yield return string.Join(' ', lines.Skip(start).Take(count));
            }
        }
    }

    // As a reader sees them: composed, without case, spaces and the invisible marks that steer a direction of writing.
    private static string[] Letters(string text)
    {
        string plain = text.Normalize(NormalizationForm.FormKC).ToUpperInvariant();
        var letters = new List<string>();
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(plain);
        while (elements.MoveNext())
        {
            string letter = string.Concat(elements.GetTextElement().Where(c => !char.IsWhiteSpace(c)
                && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control)));
            if (letter.Length > 0) letters.Add(letter);
        }
        return [.. letters];
    }

    private static int Distance(string[] a, string[] b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.Length];
    }

    [GeneratedRegex("\"([^\"\\n]{1,200})\"|\u201C([^\u201D\\n]{1,200})\u201D|\u201E([^\u201C\u201D\\n]{1,200})[\u201C\u201D]|\u00AB([^\u00BB\\n]{1,200})\u00BB|\u300C([^\u300D\\n]{1,200})\u300D")]
    private static partial Regex Quoted();
}
