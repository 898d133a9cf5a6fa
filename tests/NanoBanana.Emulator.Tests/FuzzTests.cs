using System.Text;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Tests;

/// <summary>Whatever stands in a body, the answer is the service's: never an exception, never a 5xx.</summary>
public sealed class FuzzTests : IDisposable
{
    private const string Request = """
        {"contents":[{"role":"user","parts":[{"text":"[[TEXT_ONLY]]"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},
            {"fileData":{"mimeType":"image/png","fileUri":"files/x"}}]},{"role":"model","parts":[{"text":"x","thoughtSignature":"AAAA"}]}],
         "systemInstruction":{"parts":[{"text":"x"}]},"tools":[{"googleSearch":{"searchTypes":{"webSearch":{}}}}],
         "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}],
         "generationConfig":{"responseModalities":["TEXT"],"seed":1,"candidateCount":1,"imageConfig":{"aspectRatio":"1:1"},
            "thinkingConfig":{"thinkingLevel":"high","includeThoughts":true}}}
        """;

    private static readonly string[] Replacements =
        ["null", "true", "0", "-1", "1e30", "\"\"", "\"x\"", "[]", "{}", "[null]", "[{}]", "[[]]", "{\"x\":1}",
            "\"\\ud800\""];

    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData("models/gemini-nano-banana-2.1:generateContent")]
    [InlineData("models/gemini-2.5-flash-image:streamGenerateContent")]
    [InlineData("models/gemini-nano-banana-2.1:countTokens")]
    [InlineData("models/gemini-nano-banana-2.1:batchGenerateContent")]
    public async Task Any_JSON_value_in_any_place_gets_an_answer(string path)
    {
        string body = path.EndsWith("batchGenerateContent", StringComparison.Ordinal)
            ? """{"batch":{"displayName":"x","inputConfig":{"requests":{"requests":[{"request":@,"metadata":{"key":"a"}}]}}}}"""
                .Replace("@", Request, StringComparison.Ordinal)
            : Request;
        foreach (string mutated in Mutations(body))
        {
            Answer answer = await _emulator.PostAsync("v1beta/" + path, mutated);
            Assert.True((int)answer.Status is >= 200 and < 500, $"{answer.Status} for {mutated}");
        }
    }

    [Fact]
    public async Task Bytes_that_are_not_text_get_an_answer()
    {
        using ByteArrayContent body = new([.. "{\"contents\":[{\"parts\":[{\"text\":\""u8, 0xC3, 0x28, .. "\"}]}]}"u8]);
        using HttpResponseMessage response =
            await _emulator.Client.PostAsync($"v1beta/models/{Emulator.Nb}:generateContent", body);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("UTF-8", Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()),
            StringComparison.Ordinal);
    }

    /// <summary>Every node replaced by every replacement, one at a time, and the text cut off at many places.</summary>
    private static IEnumerable<string> Mutations(string body)
    {
        foreach (string path in Paths(JsonNode.Parse(body)!, ""))
        {
            foreach (string replacement in Replacements) yield return Replace(body, path, replacement);
        }

        for (int length = 0; length < body.Length; length += 7) yield return body[..length];
    }

    private static IEnumerable<string> Paths(JsonNode node, string path)
    {
        IEnumerable<(string Name, JsonNode? Child)> children = node switch
        {
            JsonObject value => value.Select(pair => (pair.Key, pair.Value)),
            JsonArray list => list.Select((item, index) => (index.ToString(), item)),
            _ => [],
        };
        foreach ((string name, JsonNode? child) in children)
        {
            yield return $"{path}/{name}";
            foreach (string deeper in Paths(child!, $"{path}/{name}")) yield return deeper;
        }
    }

    private static string Replace(string body, string path, string replacement)
    {
        // A marker first, because a node cannot hold text that is not a valid JSON string.
        JsonNode root = JsonNode.Parse(body)!;
        string[] names = path.Split('/')[1..];
        JsonNode parent = root;
        foreach (string name in names[..^1]) parent = parent is JsonArray list ? list[int.Parse(name)]! : parent[name]!;
        if (parent is JsonArray array) array[int.Parse(names[^1])] = "@@here@@";
        else parent[names[^1]] = "@@here@@";
        return root.ToJsonString().Replace("\"@@here@@\"", replacement, StringComparison.Ordinal);
    }
}
