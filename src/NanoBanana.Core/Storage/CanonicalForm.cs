using System.Globalization;
using System.Reflection;
using System.Text;

namespace NanoBanana.Storage;

/// <summary>The composed (NFC) and decomposed (NFD) form of a text. <see cref="string.Normalize()"/> does nothing in
/// invariant globalization mode, which <c>nb</c> and systems without ICU use.</summary>
public static class CanonicalForm
{
    // Hangul is computed as in Unicode, chapter 3.12.
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7;
    private const int VowelCount = 21, TailCount = 28, SyllableCount = 19 * VowelCount * TailCount;

    private static readonly Lazy<Tables> Data = new(Load);

    /// <summary>The composed form (NFC).</summary>
    public static string Composed(string text)
    {
        if (Ascii.IsValid(text)) return text;
        int[] letters = [.. Decompose(text)];
        // Composed in place: kept characters move to the front.
        int starter = -1, last = 0, kept = 0;
        foreach (int letter in letters)
        {
            int kind = ClassOf(letter);
            bool isNext = starter >= 0 && kept == starter + 1;
            if (starter >= 0 && (isNext || (last != 0 && last < kind))
                && Pair(letters[starter], letter) is { } composed)
            {
                letters[starter] = composed;
                continue;
            }
            if (kind == 0) starter = kept;
            last = kind;
            letters[kept++] = letter;
        }
        return TextOf(letters[..kept]);
    }

    /// <summary>The decomposed form (NFD), with marks in canonical order, so that texts that look equal are
    /// equal.</summary>
    public static string Decomposed(string text) => Ascii.IsValid(text) ? text : TextOf(Decompose(text));

    private static List<int> Decompose(string text)
    {
        var letters = new List<int>(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            // Half a surrogate pair stays unchanged.
            bool isPair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            Add(letters, isPair ? char.ConvertToUtf32(text[at], text[++at]) : text[at]);
        }
        Sort(letters);
        return letters;
    }

    // Consecutive marks are sorted by class; marks of one class keep their order.
    private static void Sort(List<int> letters)
    {
        for (int start = 0; start < letters.Count; start++)
        {
            if (ClassOf(letters[start]) == 0) continue;
            int end = start + 1;
            bool isSorted = true;
            for (; end < letters.Count && ClassOf(letters[end]) is > 0 and var kind; end++)
            {
                isSorted &= ClassOf(letters[end - 1]) <= kind;
            }
            if (!isSorted)
            {
                int[] sorted = [.. letters.GetRange(start, end - start).OrderBy(ClassOf)];
                for (int at = start; at < end; at++) letters[at] = sorted[at - start];
            }
            start = end;
        }
    }

    private static void Add(List<int> letters, int letter)
    {
        int syllable = letter - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            letters.Add(Leads + (syllable / (VowelCount * TailCount)));
            letters.Add(Vowels + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount != 0) letters.Add(Tails + (syllable % TailCount));
            return;
        }
        if (Data.Value.Decompositions.TryGetValue(letter, out int[]? parts))
        {
            foreach (int part in parts) Add(letters, part);
            return;
        }
        letters.Add(letter);
    }

    private static int? Pair(int first, int second)
    {
        int lead = first - Leads, vowel = second - Vowels, syllable = first - Syllables, tail = second - Tails;
        if (lead is >= 0 and < 19 && vowel is >= 0 and < VowelCount)
        {
            return Syllables + (((lead * VowelCount) + vowel) * TailCount);
        }
        if (syllable is >= 0 and < SyllableCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
        {
            return first + tail;
        }
        return Data.Value.Compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private static int ClassOf(int letter) => Data.Value.Classes.GetValueOrDefault(letter);

    private static string TextOf(IReadOnlyCollection<int> letters)
    {
        var text = new StringBuilder(letters.Count);
        foreach (int letter in letters)
        {
            if (letter > char.MaxValue) text.Append(char.ConvertFromUtf32(letter));
            else text.Append((char)letter);
        }
        return text.ToString();
    }

    private static Tables Load()
    {
        var tables = new Tables([], [], []);
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("canonical.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#') continue;
            foreach (string entry in line.Split(' ')) tables.Add(entry);
        }
        return tables;
    }

    private sealed record Tables(
        Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Compositions, Dictionary<int, int> Classes)
    {
        public void Add(string entry)
        {
            if (entry.Split(':') is [var range, var kind])
            {
                int[] ends = [.. range.Split('-').Select(Hex)];
                for (int letter = ends[0]; letter <= ends[1]; letter++)
                {
                    Classes[letter] = int.Parse(kind, CultureInfo.InvariantCulture);
                }
                return;
            }
            string[] sides = entry.TrimEnd('!').Split('=');
            int[] parts = [.. sides[1].Split('+').Select(Hex)];
            Decompositions[Hex(sides[0])] = parts;
            if (entry[^1] != '!') Compositions[(parts[0], parts[1])] = Hex(sides[0]);
        }

        private static int Hex(string text) =>
            int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
