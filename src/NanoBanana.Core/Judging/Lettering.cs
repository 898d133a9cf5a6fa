using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>Compares the lettering asked for with the lettering read, letter by letter.</summary>
public static partial class Lettering
{
    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    // Half-width forms U+FF61 to U+FF9F; the last two are the voicing marks.
    private const string Katakana = "\u3002\u300C\u300D\u3001\u30FB\u30F2\u30A1\u30A3\u30A5\u30A7\u30A9\u30E3"
        + "\u30E5\u30E7\u30C3\u30FC\u30A2\u30A4\u30A6\u30A8\u30AA\u30AB\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7"
        + "\u30B9\u30BB\u30BD\u30BF\u30C1\u30C4\u30C6\u30C8\u30CA\u30CB\u30CC\u30CD\u30CE\u30CF\u30D2\u30D5"
        + "\u30D8\u30DB\u30DE\u30DF\u30E0\u30E1\u30E2\u30E4\u30E6\u30E8\u30E9\u30EA\u30EB\u30EC\u30ED\u30EF"
        + "\u30F3\u3099\u309A";

    /// <summary>The texts in quotation marks in a prompt, which should appear in the picture.</summary>
    internal static ImmutableArray<string> OrderedIn(string prompt) =>
    [
        .. Quoted().Matches(prompt)
            .Select(match => match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value.Trim())
            .Where(text => text.Length > 0).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The texts that an edit replaces: a prompt puts them in the marks \u2018 and \u2019, which means that
    /// they are not drawn.</summary>
    internal static ImmutableArray<string> ReplacedIn(string prompt) =>
    [
        .. Replaced().Matches(prompt).Select(match => match.Groups[1].Value.Trim())
            .Where(text => text.Length > 0).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Refuses an order that no reader could see.</summary>
    /// <exception cref="NbException">One has no letters (Nb.Judge.NoLetters).</exception>
    internal static void Demand(ImmutableArray<string> ordered)
    {
        if (ordered.Any(text => Letters(text ?? "").Length == 0)) throw JudgeErrors.NoLetters();
    }

    /// <summary>Texts that should have been replaced but are still in the picture.</summary>
    /// <param name="replaced">The words.</param>
    /// <param name="ordered">The lettering asked for, which may contain some of them.</param>
    /// <param name="read">The lines read from the picture.</param>
    internal static ImmutableArray<string> LeftStanding(
        IEnumerable<string> replaced, ImmutableArray<string> ordered, ImmutableArray<string> read)
    {
        string text = Plain(string.Join(' ', read));
        // The longest text first, because one text may be part of another.
        foreach (string order in ordered.Select(Plain).OrderByDescending(order => order.Length))
        {
            text = text.Replace(order, "\n", StringComparison.Ordinal);
        }
        string[] wanted = [.. ordered.Select(Plain)];
        return [.. replaced.Where(old => !wanted.Contains(Plain(old), StringComparer.Ordinal)
            && Words.Stand(Plain(old), text))];
    }

    /// <summary>Words that stand there and that nothing named: neither an order, nor what it replaces, nor what was
    /// read in its place.</summary>
    /// <param name="named">All that was named.</param>
    /// <param name="read">The lines that stand there.</param>
    internal static ImmutableArray<string> Surplus(IEnumerable<string> named, ImmutableArray<string> read)
    {
        string text = Plain(string.Join('\n', read), Breaks());
        string[] known = [.. named.Select(Plain).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
        foreach (string word in known.OrderByDescending(word => word.Length))
        {
            // An order may run over several lines.
            string pattern = Regex.Escape(word).Replace("\\ ", "[ \n]", StringComparison.Ordinal);
            text = Regex.Replace(text, pattern, "\n", RegexOptions.CultureInvariant);
        }
        string lines = string.Join('\n', read);
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(rest => rest.Any(char.IsLetterOrDigit)).Select(AsRead).Distinct(StringComparer.Ordinal),
        ];

        // In its own case, where it can be found again.
        string AsRead(string rest)
        {
            int at = lines.IndexOf(rest, StringComparison.OrdinalIgnoreCase);
            return at < 0 ? rest : lines[at..(at + rest.Length)];
        }
    }

    // White space becomes one space, so that words stay separate.
    private static string Plain(string text) => Plain(text, Spaces());

    private static string Plain(string text, Regex spaces) => spaces.Replace(
        string.Concat(CanonicalForm.Composed(PlainWidth(text)).ToUpperInvariant().Where(c =>
            char.IsWhiteSpace(c)
            || char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))), " ").Trim();

    /// <summary>Finds each text asked for in the lines read: as a line, as part of a line, or across several
    /// lines.</summary>
    /// <param name="ordered">The lettering asked for.</param>
    /// <param name="read">The lines read from the picture.</param>
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
        // A text inside a longer line is right too: a line of a poster may have more than what was asked for.
        string joined = string.Concat(read.SelectMany(Letters));
        return best.WrongLetters > 0 && string.Concat(wanted) is { Length: > 2 } whole
            && joined.Contains(whole, StringComparison.Ordinal) ? new LetteringCheck(ordered, ordered, 0) : best;
    }

    // Lettering may break its lines anywhere.
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

    // Texts are compared as a reader sees them: composed, without case, spaces and invisible direction marks.
    private static string[] Letters(string text)
    {
        string plain = CanonicalForm.Composed(PlainWidth(text)).ToUpperInvariant();
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

    // Wide and narrow East Asian letters are equal, and so are ligatures and their letters.
    private static string PlainWidth(string text) => !text.Any(c => c is '\u2026' or >= '\uFB00') ? text
        : string.Concat(text.Select(c => c switch
        {
            >= '\uFF01' and <= '\uFF5E' => ((char)(c - 0xFEE0)).ToString(),
            >= '\uFF61' and <= '\uFF9F' => Katakana[c - 0xFF61].ToString(),
            >= '\uFB00' and <= '\uFB06' => Ligatures[c - 0xFB00],
            '\u2026' => "...",
            _ => c.ToString(),
        }));

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

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // Lines keep their borders too.
    [GeneratedRegex(@"[^\S\n]+")]
    private static partial Regex Breaks();

    [GeneratedRegex("\u2018([^\u2019\\n]{1,200})\u2019")]
    private static partial Regex Replaced();

    [GeneratedRegex("\"([^\"\\n]{1,200})\"|\u201C([^\u201D\\n]{1,200})\u201D|\u201E([^\u201C\u201D\\n]{1,200})[\u201C\u201D]|\u00AB([^\u00BB\\n]{1,200})\u00BB|\u300C([^\u300D\\n]{1,200})\u300D")]
    private static partial Regex Quoted();
}
