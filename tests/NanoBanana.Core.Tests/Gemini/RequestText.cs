using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Gemini;

namespace NanoBanana.Tests.Gemini;

/// <summary>What a request looks like on the wire; checks on the way that the length was told right.</summary>
internal static class RequestText
{
    public static JsonNode Of(GenerateCall call) => JsonNode.Parse(Raw(RequestWriter.Write(call)))!;

    public static string Raw(RequestBody body)
    {
        var stream = new MemoryStream();
        body.WriteToAsync(stream, default).GetAwaiter().GetResult();
        Assert.Equal(body.Length, stream.Length);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
