using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Generation;

/// <summary>
/// A signature binds a part's content to its model. It follows from both and its own length alone, so any emulator on
/// any machine can verify every byte of it without having kept anything.
/// </summary>
internal static class ThoughtSignature
{
    public const int ShortestLength = 40;
    private const int TagLength = 32;

    // Not a secret: it only has to be the same in all emulators.
    private static readonly byte[] Key =
        Encoding.ASCII.GetBytes("NanoBanana.Emulator thought signature key, version 1");

    public static byte[] Create(string model, string content, int length)
    {
        byte[] signature = new byte[Math.Max(length, ShortestLength)];
        byte[] tag = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{model}\n{signature.Length}\n{content}"));
        tag.CopyTo(signature, 0);
        new SplitMix64(BinaryPrimitives.ReadUInt64LittleEndian(tag)).Fill(signature.AsSpan(TagLength));
        return signature;
    }

    public static bool IsValid(ReadOnlySpan<byte> signature, string model, string content) =>
        signature.Length >= ShortestLength && signature.SequenceEqual(Create(model, content, signature.Length));

    /// <summary>What a signature of a text part binds.</summary>
    public static string TextContent(string text) => "text:" + text;

    /// <summary>What a signature of an image part binds.</summary>
    public static string ImageContent(string mimeType, string hash) => $"image:{mimeType}:{hash}";
}
