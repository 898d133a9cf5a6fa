using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Storage;

/// <summary>Writes texts of any length as JSON: the platform's writer sets many times the memory aside for a long
/// one.</summary>
internal static class JsonText
{
    // Shorter texts cost the platform's writer next to nothing.
    private const int Long = 256 * 1024;
    private const int PieceLength = 8 * 1024;

    // A character becomes \uXXXX at most.
    private const int MostEscaped = 6;

    /// <summary>Writes a text field.</summary>
    /// <param name="writer">A writer that escapes no more than JSON demands.</param>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its value.</param>
    public static void Write(Utf8JsonWriter writer, string name, string text)
    {
        if (text.Length < Long)
        {
            writer.WriteString(name, text);
            return;
        }
        writer.WritePropertyName(name);
        writer.WriteRawValue(Quoted(text), skipInputValidation: true);
    }

    /// <summary>A text as JSON, in an array of just its length.</summary>
    internal static byte[] Quoted(string text)
    {
        char[] escaped = ArrayPool<char>.Shared.Rent(PieceLength * MostEscaped);
        try
        {
            int length = 2;
            for (int at = 0; at < text.Length;) length += Encoding.UTF8.GetByteCount(Next(text, ref at, escaped));
            byte[] quoted = GC.AllocateUninitializedArray<byte>(length);
            quoted[0] = quoted[^1] = (byte)'"';
            int written = 1;
            for (int at = 0; at < text.Length;)
            {
                written += Encoding.UTF8.GetBytes(Next(text, ref at, escaped), quoted.AsSpan(written));
            }
            return quoted;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(escaped);
        }
    }

    private static ReadOnlySpan<char> Next(string text, ref int at, char[] escaped)
    {
        int length = Math.Min(PieceLength, text.Length - at);
        // The halves of a character stay together.
        if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length--;
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(
            text.AsSpan(at, length), escaped, out _, out int written, isFinalBlock: true);
        at += length;
        return escaped.AsSpan(0, written);
    }
}
