using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NanoBanana.Tests.Gemini;

/// <summary>
/// Makes up an answer: the JSON a service might send (any order, any spelling, unknown fields), and the turn it means
/// in
/// the canonical spelling.
/// </summary>
internal sealed partial class AnswerScript
{
    private readonly Random _random;
    private readonly bool _snake;
    private readonly List<(string Marker, string Spelled)> _base64 = [];

    public AnswerScript(Random random)
    {
        _random = random;
        _snake = random.Next(4) == 0;
        JsonArray parts = [];
        for (int i = random.Next(0, 6); i > 0; i--) parts.Add(Part());
        Turn = Shuffled(("role", "model"), ("parts", parts), Unknown());
        JsonObject candidate = Shuffled(
            ("content", Turn.DeepClone()),
            ("finishReason", "STOP"),
            ("index", 0),
            ("safetyRatings", new JsonArray(new JsonObject { ["probability"] = "LOW" })),
            Unknown());
        JsonObject answer = Shuffled(
            ("candidates", new JsonArray(candidate)),
            ("usageMetadata", new JsonObject { ["promptTokenCount"] = "7", ["totalTokenCount"] = 9 }),
            ("modelVersion", "gemini-x"),
            ("responseId", "id-1"),
            Unknown());
        string text = answer.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });
        if (_snake) text = FieldName().Replace(text, match => Snake(match.Value));
        foreach ((string marker, string spelled) in _base64)
        {
            text = text.Replace($"\"{marker}\"", $"\"{spelled}\"", StringComparison.Ordinal);
        }
        Bytes = Encoding.UTF8.GetBytes((random.Next(4) == 0 ? "\uFEFF" : "") + text
            + (random.Next(2) == 0 ? "\n " : ""));
        Turn = (JsonObject)JsonNode.Parse(Canonical(Turn.ToJsonString()))!;
    }

    /// <summary>What the service sends.</summary>
    public byte[] Bytes { get; }

    /// <summary>The model's turn as it has to go back.</summary>
    public JsonObject Turn { get; }

    private readonly Dictionary<string, string> _plain = [];

    private JsonObject Part()
    {
        (string, JsonNode?) payload = _random.Next(5) switch
        {
            0 => ("text", Text()),
            1 or 2 => ("inlineData", Shuffled(("mimeType", "image/jpeg"), ("data", Base64()), Unknown())),
            3 => ("fileData", Shuffled(("mimeType", "image/png"), ("fileUri", "https://x/files/a"), Unknown())),
            _ => ("functionCall", new JsonObject { ["name"] = "f", ["args"] = new JsonObject { ["n"] = 1.50 } }),
        };
        return Shuffled(
            payload,
            _random.Next(2) == 0 ? ("thought", true) : ("", null),
            _random.Next(2) == 0 ? ("thoughtSignature", Base64()) : ("", null),
            Unknown());
    }

    private string Text() => _random.Next(4) switch
    {
        0 => "",
        1 => "a fox \"in\" the\n\tsnow \\ / é 🦊",
        2 => new string('x', _random.Next(3000)),
        _ => "ok",
    };

    private (string, JsonNode?) Unknown() => _random.Next(3) switch
    {
        0 => ("newField" + _random.Next(9), new JsonObject { ["deep"] = new JsonArray(1, "zwei", null, true, Text()) }),
        1 => ("other" + _random.Next(9), Text()),
        _ => ("", null),
    };

    private string Base64()
    {
        byte[] bytes = new byte[_random.Next(1, _random.Next(2) == 0 ? 12 : 5000)];
        _random.NextBytes(bytes);
        string plain = Convert.ToBase64String(bytes);
        string marker = $"@{_base64.Count}@";
        _plain[marker] = plain;
        _base64.Add((marker, _random.Next(6) switch
        {
            0 => plain.TrimEnd('='),
            1 => plain.Replace('+', '-').Replace('/', '_'),
            2 => plain.Replace("=", "\\u003d").Replace("/", "\\/").Replace("+", "\\u002B"),
            3 => string.Join(_random.Next(2) == 0 ? "\\n"
                : "\\r\\n ", plain.Chunk(_random.Next(1, 77)).Select(c => new string(c))),
            _ => plain,
        }));
        return marker;
    }

    private string Canonical(string text)
    {
        foreach ((string marker, string plain) in _plain)
        {
            text = text.Replace($"\"{marker}\"", JsonSerializer.Serialize(plain), StringComparison.Ordinal);
        }
        return text;
    }

    private JsonObject Shuffled(params (string Name, JsonNode? Value)[] fields)
    {
        _random.Shuffle(fields);
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in fields)
        {
            if (name.Length > 0) result[name] = value;
        }
        return result;
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    [GeneratedRegex(
        "(?<=\")(?:inlineData|fileData|mimeType|fileUri|thoughtSignature|finishReason|usageMetadata|promptTokenCount|totalTokenCount|modelVersion|responseId)(?=\" ?:)")]
    private static partial Regex FieldName();
}
