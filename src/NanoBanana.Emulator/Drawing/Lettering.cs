using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Drawing;

/// <summary>The words a picture should show: those in quotation marks in the prompt.</summary>
internal static partial class Lettering
{
    private const int MaxTexts = 16;
    private const int MaxLength = 200;

    public static IReadOnlyList<string> In(string prompt) =>
    [
        .. Quoted().Matches(prompt)
        .Select(match => match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value.Trim())
            .Where(text => text.Length is > 0 and <= MaxLength).Distinct(StringComparer.Ordinal).Take(MaxTexts),
    ];

    /// <summary>The first text with two neighbors exchanged, or its last letter doubled, as models misspell.</summary>
    public static IReadOnlyList<string> Misspelled(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? texts : [Misspelled(texts[0]), .. texts.Skip(1)];

    /// <summary>For a text chunk, which holds neither spaces nor other alphabets.</summary>
    public static string Encode(IReadOnlyList<string> texts) => string.Join(',', texts.Select(text =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_')));

    public static IReadOnlyList<string> Decode(string encoded) =>
        [.. encoded.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(DecodeOne).OfType<string>()
            .Take(MaxTexts)];

    private static string Misspelled(string text)
    {
        for (int index = 1; index + 1 < text.Length; index++)
        {
            if (char.IsLetter(text[index]) && char.IsLetter(text[index + 1]) && text[index] != text[index + 1])
            {
                return $"{text[..index]}{text[index + 1]}{text[index]}{text[(index + 2)..]}";
            }
        }

        // A character may be two chars long.
        return text + (char.IsLowSurrogate(text[^1]) && text.Length > 1 ? text[^2..] : text[^1..]);
    }

    private static string? DecodeOne(string word)
    {
        string standard = word.Replace('-', '+').Replace('_', '/');
        standard += new string('=', (4 - (standard.Length % 4)) % 4);
        byte[] bytes = new byte[standard.Length];
        return Convert.TryFromBase64String(standard, bytes, out int count) ? Encoding.UTF8.GetString(bytes, 0, count)
            : null;
    }

    [GeneratedRegex("\"([^\"\\n]+)\"|“([^”\\n]+)”|„([^“”\\n]+)[“”]|«([^»\\n]+)»|「([^」\\n]+)」",
        RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
