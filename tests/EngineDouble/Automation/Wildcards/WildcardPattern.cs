using System.Text;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

public sealed class WildcardPattern
{
    private const char EscapeCharacter = '`';
    private readonly Lazy<Regex> _regex;

    public WildcardPattern(string pattern)
        : this(pattern, WildcardOptions.None)
    {
    }

    public WildcardPattern(string pattern, WildcardOptions options)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        RegexOptions how = RegexOptions.Singleline | RegexOptions.CultureInvariant;
        how = options.HasFlag(WildcardOptions.IgnoreCase) ? how | RegexOptions.IgnoreCase : how;
        // Lazy as in the engine: a pattern that is none says so at its first use, not here.
        _regex = new Lazy<Regex>(() => new Regex(ToRegex(pattern), how));
    }

    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);

    public static bool ContainsWildcardCharacters(string pattern)
    {
        for (int i = 0; i < (pattern?.Length ?? 0); i++)
        {
            if (pattern![i] == EscapeCharacter)
            {
                i++;
            }
            else if (IsWildcard(pattern[i]))
            {
                return true;
            }
        }

        return false;
    }

    public static string Escape(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        StringBuilder escaped = new();
        foreach (char c in pattern)
        {
            if (IsWildcard(c) || c == EscapeCharacter)
            {
                escaped.Append(EscapeCharacter);
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }

    public static string Unescape(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        StringBuilder plain = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            bool escapes = pattern[i] == EscapeCharacter && i + 1 < pattern.Length
                && (IsWildcard(pattern[i + 1]) || pattern[i + 1] == EscapeCharacter);
            plain.Append(escapes ? pattern[++i] : pattern[i]);
        }

        return plain.ToString();
    }

    public bool IsMatch(string input) => input is not null && _regex.Value.IsMatch(input);

    private static bool IsWildcard(char c) => c is '*' or '?' or '[' or ']';

    private static string ToRegex(string pattern)
    {
        StringBuilder regex = new("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case EscapeCharacter when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                case '*':
                    regex.Append(".*");
                    break;
                case '?':
                    regex.Append('.');
                    break;
                case '[':
                    i = AppendClass(pattern, i, regex);
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return regex.Append('$').ToString();
    }

    private static int AppendClass(string pattern, int open, StringBuilder regex)
    {
        int close = pattern.IndexOf(']', open + 1);
        if (close == open + 1)
        {
            close = pattern.IndexOf(']', close + 1);
        }

        if (close < 0)
        {
            throw new WildcardPatternException($"The specified wildcard character pattern is not valid: {pattern}");
        }

        regex.Append('[');
        for (int i = open + 1; i < close; i++)
        {
            char c = pattern[i] == EscapeCharacter && i + 1 < close ? pattern[++i] : pattern[i];
            bool range = c == '-' && i > open + 1 && i < close - 1;
            regex.Append(range ? "-" : c is '-' or '^' or ']' or '[' or '\\' ? $"\\{c}" : c.ToString());
        }

        regex.Append(']');
        return close;
    }
}
