using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NanoBanana.Storage;

/// <summary>Hashes lists of texts, so that no two of them run together to the same bytes.</summary>
internal static class Hashed
{
    /// <summary>SHA-256 of texts, in small hexadecimal digits; null is another text than an empty one.</summary>
    public static string Of(ReadOnlySpan<string?> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, texts);
        return Blob.ToHex(hash.GetHashAndReset());
    }

    /// <summary>Adds texts, each behind its length.</summary>
    public static void Add(IncrementalHash hash, ReadOnlySpan<string?> texts)
    {
        Span<byte> length = stackalloc byte[4];
        foreach (string? text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
            BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }

    /// <summary>A number as it is hashed, in any culture.</summary>
    public static string? Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);
}
