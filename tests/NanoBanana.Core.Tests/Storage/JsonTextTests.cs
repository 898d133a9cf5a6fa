using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

/// <summary>Long texts are written as the platform writes them, without its memory.</summary>
public sealed class JsonTextTests
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("a")]
    [InlineData("\"\\\n\t\u0001")]
    [InlineData("狐")]
    [InlineData("x🦊")]
    [InlineData("🦊\ud800y")]
    public void A_long_text_is_written_as_the_platform_writes_it(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 300 * 1024 / unit.Length + 1));
        Assert.Equal(Written(writer => writer.WriteString("text", text)),
            Written(writer => JsonText.Write(writer, "text", text)));
    }

    [Fact]
    public void A_long_text_takes_no_more_memory_than_its_bytes()
    {
        string text = string.Concat(Enumerable.Repeat("a line of words\n", 512 * 1024));
        JsonText.Quoted(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] quoted = JsonText.Quoted(text);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, quoted.Length, quoted.Length + 1024 * 1024);
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
