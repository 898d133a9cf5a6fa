using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace NanoBanana.Errors;

/// <summary>The keys, tokens and header values this process sends; they are removed from every text that passes through
/// here. Thread-safe.</summary>
internal static partial class Secrets
{
    private const string Hidden = "[hidden]";

    // Tokens are renewed every hour, so old ones are dropped.
    private const int Most = 64;

    // A shorter secret could be part of an ordinary word.
    private const int ShortestAnywhere = 8;

    // A text may be cut in the middle of a key, so its beginning is hidden too.
    private const int ShortestBeginning = 12;

    private static ImmutableArray<Secret> _all = [];

    /// <summary>Remembers a secret for the life of the process: a text that contains it may be shown later.</summary>
    /// <param name="text">The secret.</param>
    /// <param name="hidesBeginnings">Whether its beginning alone is hidden too: true for random secrets.</param>
    public static void Add(string text, bool hidesBeginnings = true)
    {
        if (text.Length == 0) return;
        var secret = new Secret(text, hidesBeginnings);
        ImmutableInterlocked.Update(ref _all, all =>
        {
            ImmutableArray<Secret> others = all.RemoveAll(one => one.Text == text);
            return (others.Length < Most ? others : others.RemoveAt(0)).Add(secret);
        });
    }

    /// <summary>The text without any secret, in plain form or as encoded in URLs, JSON, HTML or base64.</summary>
    public static string Hide(string text)
    {
        foreach (Secret secret in _all) text = secret.HideIn(text);
        return ForeignKey().Replace(text, Hidden);
    }

    // Google keys in general, because a text may contain a key that is not ours.
    [GeneratedRegex(@"AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z._-]+|AQ\.[0-9A-Za-z._-]{20,}")]
    private static partial Regex ForeignKey();

    private sealed class Secret
    {
        private readonly string[] _spellings;
        private readonly Regex? _inContext;
        private readonly bool _hidesBeginnings;

        public Secret(string text, bool hidesBeginnings)
        {
            Text = text;
            _hidesBeginnings = hidesBeginnings;
            _spellings =
            [
                .. new[]
                {
                    text, Uri.EscapeDataString(text), JavaScriptEncoder.Default.Encode(text),
                        WebUtility.HtmlEncode(text),
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='),
                }.Distinct(),
            ];
            if (text.Length < ShortestAnywhere)
            {
                // Short secrets are hidden only where the text calls them a key: "?key=abc", "the key 'abc'", "Bearer
                // abc".
                _inContext = new Regex(
                    $@"(?<=(?:key|token|secret|bearer)[""'`]?\s?[=:]?\s?[""'`]?|[?&]\w+=){Regex.Escape(text)}(?![A-Za-z0-9_-])",
                        RegexOptions.IgnoreCase);
            }
        }

        public string Text { get; }

        public string HideIn(string text)
        {
            if (_inContext is not null) return _inContext.Replace(text, Hidden);
            foreach (string spelling in _spellings)
            {
                text = text.Replace(spelling, Hidden, StringComparison.OrdinalIgnoreCase);
            }
            if (!_hidesBeginnings) return text;
            foreach (string spelling in _spellings.Where(spelling => spelling.Length > ShortestBeginning))
            {
                text = HideBeginning(text, spelling);
            }
            return text;
        }

        private static string HideBeginning(string text, string spelling)
        {
            string beginning = spelling[..ShortestBeginning];
            int at = text.IndexOf(beginning, StringComparison.OrdinalIgnoreCase);
            if (at < 0) return text;
            var kept = new StringBuilder();
            int done = 0;
            for (; at >= 0; at = text.IndexOf(beginning, done, StringComparison.OrdinalIgnoreCase))
            {
                int end = at + ShortestBeginning;
                while (end < text.Length && end - at < spelling.Length
                    && char.ToUpperInvariant(text[end]) == char.ToUpperInvariant(spelling[end - at])) end++;
                kept.Append(text, done, at - done).Append(Hidden);
                done = end;
            }
            return kept.Append(text, done, text.Length - done).ToString();
        }
    }
}
