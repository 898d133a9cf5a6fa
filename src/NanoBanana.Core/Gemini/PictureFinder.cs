using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Gemini.Json;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Finds pictures anywhere in a body: data URLs in text, base64 in fields of any name, answers inside
/// answers.</summary>
/// <remarks>For undocumented bodies, of which it is only known that they were paid for.</remarks>
internal static partial class PictureFinder
{
    private const int LeastLength = 64;
    private const int MostNested = 4;
    private const int HeadCharacters = 64;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512, AllowTrailingCommas = true };

    /// <summary>The pictures in a whole body, in order, each once.</summary>
    public static ImmutableArray<Blob> InBody(ReadOnlyMemory<byte> body, BlobSink sink)
    {
        var found = new Finding(sink);
        // A gateway may send the picture itself as the body.
        if (PictureFormat.Detect(body.Span[..Math.Min(body.Length, PictureFormat.HeadLength)]) is not null)
        {
            using BlobWriter writer = sink.Create();
            writer.Write(body.Span);
            return [writer.Complete()];
        }
        found.Text(EncodingOf(body.Span).GetString(body.Span), nested: 0);
        return found.Pictures;
    }

    /// <summary>Extracts data URLs of pictures from text.</summary>
    /// <returns>The pictures and the remaining text; empty when there was no picture.</returns>
    public static (ImmutableArray<Blob> Pictures, string Words) InWords(string words, BlobSink sink)
    {
        if (!words.Contains("data:image", StringComparison.OrdinalIgnoreCase)) return ([], words);
        var found = new Finding(sink);
        string left = found.DataUrls(words);
        return (found.Pictures, left);
    }

    // UTF-16 is recognized by its byte order mark, or by the zero byte of a letter.
    private static Encoding EncodingOf(ReadOnlySpan<byte> body) => body switch
    {
        [0xFE, 0xFF, ..] or [0, not 0, ..] => Encoding.BigEndianUnicode,
        [0xFF, 0xFE, ..] or [not 0, 0, ..] => Encoding.Unicode,
        _ => Encoding.UTF8,
    };

    // A regular expression only finds where a data URL begins: its data is too long for one.
    [GeneratedRegex(@"data:image/[\w.+-]{1,40}(?:;[\w=.-]{1,40})*;base64,\s*", RegexOptions.IgnoreCase)]
    private static partial Regex DataUrlStart();

    [GeneratedRegex(@"!?\[[^\]\n]{0,200}\]\(\s*\)")]
    private static partial Regex EmptyLink();

    private sealed class Finding(BlobSink sink)
    {
        private readonly ImmutableArray<Blob>.Builder _pictures = ImmutableArray.CreateBuilder<Blob>();
        private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);

        public ImmutableArray<Blob> Pictures => _pictures.ToImmutable();

        public void Text(string text, int nested)
        {
            if (text.Length < LeastLength) return;
            string trimmed = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
            if (nested < MostNested && (TryJson(trimmed, nested) || TryLines(trimmed, nested))) return;
            if (TryBase64(trimmed)) return;
            int before = _pictures.Count;
            DataUrls(text);
            // Broken JSON may still contain whole strings.
            if (_pictures.Count > before || trimmed is not ['{' or '[', ..]) return;
            foreach (string piece in trimmed.Split('"')) TryBase64(piece.Replace("\\/", "/", StringComparison.Ordinal));
        }

        /// <summary>Extracts pictures from text, and returns the remaining text.</summary>
        public string DataUrls(string words)
        {
            var left = new StringBuilder();
            int from = 0;
            foreach (Match match in DataUrlStart().Matches(words))
            {
                if (match.Index < from) continue;
                int start = match.Index + match.Length;
                int length = LengthOf(words.AsSpan(start));
                if (!TryBase64(words.Substring(start, length))) continue;
                left.Append(words, from, match.Index - from);
                from = start + length;
                while (from < words.Length && words[from] == '=') from++;
            }
            left.Append(words, from, words.Length - from);
            return from == 0 ? words : EmptyLink().Replace(left.ToString(), "").Trim();
        }

        // Base64 may be broken into lines; text that follows on the next line has another width.
        private static int LengthOf(ReadOnlySpan<char> text)
        {
            int length = 0, width = 0;
            while (true)
            {
                int line = text[length..].IndexOfAnyExcept(Base64);
                if (line < 0) line = text.Length - length;
                bool isWhole = width == 0 || line == width;
                length += line;
                if (width == 0) width = line;
                int next = length;
                while (next < text.Length && text[next] is '\r' or '\n') next++;
                if (!isWhole || next == length || next >= text.Length || !Base64.Contains(text[next])) return length;
                int following = text[next..].IndexOfAnyExcept(Base64);
                if (following < 0) following = text.Length - next;
                // The last line is shorter: the text or the URL ends after it, or it ends with padding.
                char end = next + following < text.Length ? text[next + following] : '\n';
                bool isRest = following < width && end is '=' or ')' or '"' or '\n' or '\r';
                if (following > width || (following < width && !isRest)) return length;
                length = next;
            }
        }

        private bool TryJson(string text, int nested)
        {
            if (text.Length == 0 || text[0] is not ('{' or '[' or '"')) return false;
            try
            {
                using var document = JsonDocument.Parse(text, Options);
                Walk(document.RootElement, nested + 1);
                return true;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return false;
            }
        }

        // For events, JSON lines or a prefix line, each line is a document.
        private bool TryLines(string text, int nested)
        {
            if (!text.Contains('\n', StringComparison.Ordinal)) return false;
            bool isAny = false;
            foreach (string line in text.Split('\n'))
            {
                string document = line.Trim();
                if (document.StartsWith("data:", StringComparison.Ordinal)
                    && !document.StartsWith("data:image", StringComparison.Ordinal))
                {
                    document = document[5..].Trim();
                }
                isAny |= TryJson(document, nested);
            }
            return isAny;
        }

        private void Walk(JsonElement element, int nested)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (JsonProperty property in element.EnumerateObject()) Walk(property.Value, nested);
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in element.EnumerateArray()) Walk(item, nested);
                    break;
                case JsonValueKind.String:
                    Text(element.Text() ?? "", nested);
                    break;
            }
        }

        private bool TryBase64(string text)
        {
            if (text.Length < LeastLength || PictureFormat.Detect(Head(text)) is null) return false;
            using BlobWriter writer = sink.Create();
            var decoder = new Json.Base64Decoder(writer);
            decoder.Append(Encoding.ASCII.GetBytes(text));
            if (!decoder.Finish()) return false;
            Blob picture = writer.Complete();
            if (_hashes.Add(picture.Sha256)) _pictures.Add(picture);
            return true;
        }

        private static byte[] Head(string text)
        {
            string head = text[..Math.Min(HeadCharacters, text.Length & ~3)].Replace('-', '+').Replace('_', '/');
            byte[] bytes = new byte[HeadCharacters];
            return Convert.TryFromBase64String(head, bytes, out int written) ? bytes[..written] : [];
        }
    }
}
