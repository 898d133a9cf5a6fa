using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NanoBanana.Storage;

/// <summary>Hashes lists of texts, so that different lists never give the same bytes.</summary>
internal static class Hashed
{
    /// <summary>SHA-256 of texts, in lower-case hexadecimal; null differs from an empty text.</summary>
    public static string Of(ReadOnlySpan<string?> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, texts);
        return Blob.ToHex(hash.GetHashAndReset());
    }

    /// <summary>Adds texts, each after its length.</summary>
    public static void Add(IncrementalHash hash, ReadOnlySpan<string?> texts)
    {
        Span<byte> length = stackalloc byte[4];
        foreach (string? text in texts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
            hash.AppendData(length);
            if (text is not null) Add(hash, text);
        }
    }

    // A text may be very long, so it is not copied as a whole.
    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(
            Encoding.UTF8.GetMaxByteCount(Math.Min(text.Length, JsonText.PieceLength)));
        for (int at = 0; at < text.Length;)
        {
            int piece = JsonText.PieceAt(text, at);
            hash.AppendData(bytes, 0, Encoding.UTF8.GetBytes(text.AsSpan(at, piece), bytes));
            at += piece;
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>The text of a number for hashing, independent of culture.</summary>
    public static string? Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);
}
