using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Storage;

/// <summary>Writes texts of any length as JSON, because the platform's writer reserves many times the memory for a long
/// one.</summary>
internal static class JsonText
{
    /// <summary>Length in characters from which a text is written in pieces; shorter ones are cheap for the platform's
    /// writer.</summary>
    public const int Long = 256 * 1024;

    /// <summary>Longest piece in characters.</summary>
    public const int PieceLength = 8 * 1024;

    // A character becomes \uXXXX at most.
    private const int MostEscaped = 6;

    private static readonly ConditionalWeakTable<Utf8JsonWriter, JsonStream> Streams = [];

    /// <summary>Makes a writer that needs no memory for long texts.</summary>
    /// <param name="stream">Where it writes; left open.</param>
    /// <param name="options">How it writes.</param>
    public static Utf8JsonWriter WriterOver(Stream stream, JsonWriterOptions options)
    {
        var target = new JsonStream(stream);
        var writer = new Utf8JsonWriter(target, options);
        Streams.Add(writer, target);
        return writer;
    }

    /// <summary>Writes a text field.</summary>
    /// <param name="writer">The writer; its encoder escapes the text.</param>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its value.</param>
    public static void Write(Utf8JsonWriter writer, string name, string text)
    {
        if (text.Length < Long) writer.WriteString(name, text);
        else if (Streams.TryGetValue(writer, out JsonStream? stream)) WriteTo(stream, writer, name, text);
        else
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(Quoted(text, writer.Options.Encoder), skipInputValidation: true);
        }
    }

    /// <summary>A text as JSON, in an array of just its length.</summary>
    internal static byte[] Quoted(string text, JavaScriptEncoder? encoder)
    {
        byte[] quoted = GC.AllocateUninitializedArray<byte>(checked((int)LengthOf(text, encoder) + 2));
        quoted[0] = quoted[^1] = (byte)'"';
        int written = 1;
        foreach (ReadOnlyMemory<byte> piece in Pieces(text, encoder))
        {
            piece.Span.CopyTo(quoted.AsSpan(written));
            written += piece.Length;
        }
        return quoted;
    }

    /// <summary>Bytes of a text in JSON, without its quotation marks.</summary>
    internal static long LengthOf(string text, JavaScriptEncoder? encoder) =>
        Pieces(text, encoder).Sum(piece => (long)piece.Length);

    /// <summary>A text in JSON, without its quotation marks. Each piece holds until the next one.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Pieces(string text, JavaScriptEncoder? encoder)
    {
        char[] escaped = ArrayPool<char>.Shared.Rent(PieceLength * MostEscaped);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(PieceLength * MostEscaped));
        try
        {
            for (int at = 0; at < text.Length;)
            {
                int length = PieceAt(text, at);
                (encoder ?? JavaScriptEncoder.Default).Encode(
                    text.AsSpan(at, length), escaped, out _, out int written, isFinalBlock: true);
                at += length;
                yield return bytes.AsMemory(0, Encoding.UTF8.GetBytes(escaped.AsSpan(0, written), bytes));
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(escaped);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Characters of the piece of a text that begins there; surrogate pairs stay together.</summary>
    internal static int PieceAt(string text, int at)
    {
        int length = Math.Min(PieceLength, text.Length - at);
        return at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]) ? length - 1 : length;
    }

    private static void WriteTo(JsonStream stream, Utf8JsonWriter writer, string name, string text)
    {
        writer.Flush();
        writer.WriteString(name, "");
        stream.Hold();
        writer.Flush();
        foreach (ReadOnlyMemory<byte> piece in Pieces(text, writer.Options.Encoder)) stream.Insert(piece.Span);
        stream.Release();
    }
}
