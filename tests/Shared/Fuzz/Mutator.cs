using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NanoBanana.Tests.Shared.Fuzz;

/// <summary>Makes of valid input what no writer ever wrote: by bytes, and by values where it is JSON.</summary>
/// <param name="random">The same seed gives the same input.</param>
internal sealed class Mutator(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "3", "1e400", "-1e400", "1e30", "0.1", "-0", "1e-400", "2147483648",
        "9223372036854775807", "9223372036854775808", "79228162514264337593543950336", "123456789012345678901234567890",
        "\"\"", "\"x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"..\"", "\"../x\"",
        "\"/\"", "\"C:\\\\x\"", "\"1e400\"", "\"-5\"", "\"99999999999999999999s\"", "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"2026-02-30\"", "\"\\u001b[31m\"", "\"{}\"", "\"{a}\"", "\"{\"",
        "\"[{\\\"error\\\":{}}]\"", "\"data:image/png;base64,iVBORw0KGgo=\"", "[]", "{}", "[null]", "[[]]", "[{}]",
        "[\"x\",null,1]", "{\"x\":1}", "{\"\":null}", "{\"\\ud800\":1}", "{\"x\":{\"x\":{}}}",
    ];

    private static readonly string[] Names =
        ["\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "\"__proto__\"", "\"$x\"", "\"a\\nb\"", "\"NAME\""];

    private static readonly byte[][] Runs =
    [
        [0], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [(byte)'"'],
        [(byte)'\\'], [(byte)'{'], [(byte)'['], [(byte)']'], [(byte)'}'], [(byte)','], [(byte)'\n'], [(byte)'\r'],
        [(byte)':'], [0x1B], [0x7F], [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF],
    ];

    /// <summary>Another input.</summary>
    /// <param name="seeds">Valid ones; at least one.</param>
    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        byte[] input = seeds[random.Next(seeds.Count)];
        for (int left = 1 + random.Next(4); left > 0; left--)
        {
            bool isStructured = random.Next(4) != 0;
            input = isStructured && Tokens(input) is { Count: > 0 } tokens
                ? Structured(input, tokens) : Bytewise(input, seeds);
        }
        return input;
    }

    private byte[] Structured(byte[] input, List<Token> tokens)
    {
        Token token = tokens[random.Next(tokens.Count)];
        if (token.IsName)
        {
            return random.Next(3) == 0
                ? Replace(input, token, Names[random.Next(Names.Length)])
                : Replace(input, token, TextOf(input, OtherName(tokens)));
        }
        return random.Next(8) switch
        {
            // Beside itself: a key twice, or one more element.
            0 => Replace(input, token, TextOf(input, token) + "," + Beside(input, token, tokens)),
            1 => Replace(input, token, Deep(random.Next(5) switch { 0 => 1000, 1 => 64, 2 => 63, _ => 100 })),
            2 => Replace(input, token, "\"" + new string('a', 1 << random.Next(14)) + "\""),
            3 => Replace(input, token, TextOf(input, tokens[random.Next(tokens.Count)])),
            4 => Replace(input, token, Number()),
            _ => Replace(input, token, Values[random.Next(Values.Length)]),
        };
    }

    private string Beside(byte[] input, Token token, List<Token> tokens)
    {
        int at = tokens.IndexOf(token);
        string value = Values[random.Next(Values.Length)];
        return at > 0 && tokens[at - 1].IsName ? $"{TextOf(input, tokens[at - 1])}:{value}" : value;
    }

    private Token OtherName(List<Token> tokens)
    {
        Token[] names = [.. tokens.Where(token => token.IsName)];
        return names[random.Next(names.Length)];
    }

    private string Deep(int depth)
    {
        string open = random.Next(2) == 0 ? "[" : "{\"x\":", close = open == "[" ? "]" : "}";
        return string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
    }

    private string Number() => string.Create(CultureInfo.InvariantCulture,
        $"{(random.Next(2) == 0 ? "-" : "")}{random.NextInt64()}{(random.Next(2) == 0 ? "" : "e" + random.Next(500))}");

    private byte[] Bytewise(byte[] input, IReadOnlyList<byte[]> seeds)
    {
        int at = random.Next(input.Length + 1), length = Math.Min(random.Next(1, 17), input.Length - at);
        byte[] run = Runs[random.Next(Runs.Length)];
        switch (random.Next(7))
        {
            case 0:
                return input[..at];
            case 1:
                return [.. input[..at], .. run, .. input[at..]];
            case 2:
                return [.. input[..at], .. input[(at + length)..]];
            case 3:
                return [.. input[..at], .. input.AsSpan(at, length), .. input[at..]];
            case 4:
                byte[] other = seeds[random.Next(seeds.Count)];
                return [.. input[..at], .. other[random.Next(other.Length + 1)..]];
            case 5:
                run = run[..Math.Min(run.Length, input.Length - at)];
                return [.. input[..at], .. run, .. input[(at + run.Length)..]];
            default:
                byte[] flipped = [.. input];
                if (at < flipped.Length) flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
        }
    }

    private static byte[] Replace(byte[] input, Token token, string text) =>
        [.. input[..token.Start], .. Encoding.UTF8.GetBytes(text), .. input[token.End..]];

    private static string TextOf(byte[] input, Token token) =>
        Encoding.UTF8.GetString(input.AsSpan(token.Start, token.End - token.Start));

    // Every name and value of every document, one after the other or a line each; none where there is no JSON.
    private static List<Token> Tokens(byte[] input)
    {
        var tokens = new List<Token>();
        for (int start = 0; start < input.Length;)
        {
            int end = start;
            try
            {
                var reader = new Utf8JsonReader(input.AsSpan(start), isFinalBlock: false, default);
                var open = new Stack<int>();
                do
                {
                    if (!reader.Read()) break;
                    int from = start + (int)reader.TokenStartIndex;
                    end = start + (int)reader.BytesConsumed;
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push(tokens.Count);
                        tokens.Add(new Token(from, end, false));
                    }
                    else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    {
                        tokens[open.Peek()] = tokens[open.Pop()] with { End = end };
                    }
                    else tokens.Add(new Token(from, end, reader.TokenType == JsonTokenType.PropertyName));
                }
                while (open.Count > 0);
            }
            catch (JsonException)
            {
                // What was read so far can be changed all the same.
            }
            int line = end == start ? input.AsSpan(start).IndexOf((byte)'\n') : 0;
            start = end == start ? line < 0 ? input.Length : start + line + 1 : end;
            // A name that stands before its value, at the beginning of an event.
            while (start < input.Length && input[start] is (byte)' ' or (byte)'\n' or (byte)'\r') start++;
        }
        return tokens;
    }

    private sealed record Token(int Start, int End, bool IsName);
}
