using System.Security.Cryptography;

namespace NanoBanana.Emulator.Drawing;

/// <summary>SHA-256 as lower-case hex: how contents are named everywhere.</summary>
internal static class Sha256Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => Format(SHA256.HashData(bytes));

    public static string Format(ReadOnlySpan<byte> hash) => Convert.ToHexString(hash).ToLowerInvariant();
}
