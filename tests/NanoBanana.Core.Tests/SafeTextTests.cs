using NanoBanana.Gemini.Http;

namespace NanoBanana.Tests;

/// <summary>The one gate for text: secrets in any spelling, and what a terminal would obey.</summary>
public sealed class SafeTextTests
{
    private const string Key = "sk+secret/key=with&odd<chars>0123456789";

    [Theory]
    [InlineData("key " + Key + " is bad")]
    [InlineData("?key=sk%2Bsecret%2Fkey%3Dwith%26odd%3Cchars%3E0123456789&x")]
    [InlineData("{\"k\":\"sk\\u002Bsecret/key=with\\u0026odd\\u003Cchars\\u003E0123456789\"}")]
    [InlineData("<p>sk+secret/key=with&amp;odd&lt;chars&gt;0123456789</p>")]
    [InlineData("c2src2VjcmV0L2tleT13aXRoJm9kZDxjaGFycz4wMTIzNDU2Nzg5")]
    [InlineData("SK+SECRET/KEY=WITH&ODD<CHARS>0123456789")]
    [InlineData("it begins: sk+secret/key=wi")]
    public void A_key_is_hidden_in_every_encoding(string text)
    {
        GeminiCredential.FromApiKey(Key);
        string safe = SafeText.Of(text);
        Assert.Contains("[hidden]", safe);
        Assert.DoesNotContain("secret", safe, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("0123456789", safe);
        Assert.DoesNotContain("c2src2VjcmV0", safe);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("qx")]
    [InlineData("later")]
    [InlineData("monk")]
    public void A_very_short_key_does_not_hide_parts_of_other_words(string key)
    {
        GeminiCredential.FromApiKey(key);
        const string Words =
            "A monkey attests that the monk of 'later', a qx, failed again at /later/monk: a later one.";
        Assert.Equal(Words, SafeText.Of(Words));
        Assert.DoesNotContain($"={key} ", SafeText.Of($"url?key={key} was refused"));
        Assert.DoesNotContain($"'{key}'", SafeText.Of($"the key '{key}' was refused"));
    }

    [Fact]
    public void An_error_hides_secrets_in_its_message_advice_and_target()
    {
        GeminiCredential.FromApiKey(Key);
        var e = new NbException("Nb.X", NbErrorKind.InvalidResult, $"it begins: {Key}", $"ask for {Key}");
        Assert.DoesNotContain("secret", e.Message + e.Advice + e);
    }

    [Theory]
    [InlineData("a\u001b[31mred\u001b[0m b", "ared b")]
    [InlineData("a\u001b]0;title\u0007b", "ab")]
    [InlineData("a\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "alink")]
    [InlineData("a\u009b2Jb", "ab")]
    [InlineData("a\u001bcb", "ab")]
    [InlineData("a\rb\bc\u0000d\u007fe\u0085f", "abcdef")]
    [InlineData("a\u202egnp.exe", "agnp.exe")]
    [InlineData("line\n\ttab äöü 狐 🦊", "line\n\ttab äöü 狐 🦊")]
    public void Terminal_control_sequences_are_removed(string text, string safe) =>
        Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void Base64_of_a_picture_is_shortened() =>
        Assert.Equal("![image](data:image/jpeg;base64,[200000 characters])",
            SafeText.Of($"![image](data:image/jpeg;base64,{new string('Q', 200_000)})"));
}
