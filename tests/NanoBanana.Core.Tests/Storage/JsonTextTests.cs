using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
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
        foreach (JavaScriptEncoder encoder in (JavaScriptEncoder[])[JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            JavaScriptEncoder.Default, JavaScriptEncoder.Create(UnicodeRanges.All)])
        {
            var options = new JsonWriterOptions { Encoder = encoder, Indented = true };
            string expected = Written(options, isStream: false, writer => writer.WriteString("text", text));
            Assert.Equal(expected, Written(options, isStream: false, writer => JsonText.Write(writer, "text", text)));
            Assert.Equal(expected, Written(options, isStream: true, writer => JsonText.Write(writer, "text", text)));
        }
    }

    [Fact]
    public void Consecutive_long_texts_are_written_to_a_stream_in_pieces()
    {
        string text = new('x', 4 * 1024 * 1024);
        void Write(Utf8JsonWriter writer)
        {
            writer.WriteNumber("a", 1);
            JsonText.Write(writer, "b", text);
            JsonText.Write(writer, "c", text);
            writer.WriteStartObject("d");
            JsonText.Write(writer, "e", text);
            writer.WriteEndObject();
        }
        string written = Written(StoredJson.Writing, isStream: true, Write);
        Assert.Equal(Written(StoredJson.Writing, isStream: false, Write), written);

        using Utf8JsonWriter writer = JsonText.WriterOver(Stream.Null, StoredJson.Writing);
        writer.WriteStartObject();
        Write(writer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(writer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public void A_long_text_takes_no_more_memory_than_its_bytes()
    {
        string text = string.Concat(Enumerable.Repeat("a line of words\n", 512 * 1024));
        JsonText.Quoted(text, Options.Encoder);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] quoted = JsonText.Quoted(text, Options.Encoder);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, quoted.Length, quoted.Length + 1024 * 1024);
    }

    private static string Written(JsonWriterOptions options, bool isStream, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (Utf8JsonWriter writer = isStream ? JsonText.WriterOver(stream, options)
            : new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
