using System.Buffers.Binary;
using System.Buffers.Text;

namespace NanoBanana.Bench.Serving;

/// <summary>Base64 of random bytes of any length, as pieces of one shared block: the server spends its time on sending
/// alone.</summary>
internal static class CannedText
{
    private const int BlockLength = 768 * 1024;
    private const int HeadLength = 48 * 1024;

    private static readonly byte[] Block = RandomBytes(BlockLength);
    private static readonly byte[] BlockText = Encoded(Block);
    private static readonly Dictionary<int, byte[]> Tails = [];

    /// <summary>Adds the base64 of so many bytes. The serial number makes every blob another one, as it is in
    /// life.</summary>
    public static void Add(List<ReadOnlyMemory<byte>> pieces, int length, int serial, bool isImage)
    {
        byte[] head = Block.AsSpan(0, Math.Min(length, HeadLength)).ToArray();
        if (isImage) PngHeader.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(PngHeader.Length), serial);
        pieces.Add(Encoded(head));
        int rest = length - head.Length;
        for (; rest >= BlockLength; rest -= BlockLength) pieces.Add(BlockText);
        if (rest > 0) pieces.Add(Tail(rest));
    }

    private static ReadOnlySpan<byte> PngHeader =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
        0, 0, 0x10, 0, 0, 0, 0x10, 0, 8, 2, 0, 0, 0,
    ];

    private static byte[] Tail(int length)
    {
        lock (Tails)
        {
            if (!Tails.TryGetValue(length, out byte[]? tail)) Tails[length] = tail = Encoded(Block.AsSpan(0, length));
            return tail;
        }
    }

    private static byte[] Encoded(ReadOnlySpan<byte> bytes)
    {
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, text, out _, out _);
        return text;
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
