using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace NanoBanana.Storage;

/// <summary>An immutable run of bytes (an image or a thought signature) that knows its length and SHA-256 and is read
/// as a stream.</summary>
/// <remarks>The bytes are in memory or in a file; users need not know which.</remarks>
public abstract class Blob
{
    /// <summary>Buffer size for reading and writing files: large enough for few calls, small enough for the processor's
    /// cache.</summary>
    internal const int PieceLength = 192 * 1024;

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
    public abstract string Sha256 { get; }

    /// <summary>Opens the bytes from the start. The caller disposes the stream.</summary>
    /// <exception cref="NbException">The file behind the blob is missing or unreadable.</exception>
    public abstract Stream OpenRead();

    /// <summary>Checks that the bytes still have the blob's hash; bytes in memory cannot change.</summary>
    /// <exception cref="NbException">The file behind the blob is missing or has changed.</exception>
    public virtual void Verify() { }

    /// <summary>Wraps bytes that the caller will not change any more.</summary>
    public static Blob FromBytes(ReadOnlyMemory<byte> bytes) => new MemoryBlob([bytes], bytes.Length);

    /// <summary>A blob whose bytes stay in a file, read only when asked for.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="sha256">The hash when it is known already; null to compute it on first use.</param>
    public static Blob FromFile(string path, string? sha256 = null) => new FileBlob(path, sha256);

    /// <summary>Copies the bytes into a stream, such as that of a file.</summary>
    internal void CopyTo(Stream target)
    {
        using Stream source = OpenRead();
        source.CopyTo(target);
    }

    /// <summary>Copies the bytes into a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        using Stream stream = OpenRead();
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The first bytes, at most <paramref name="count"/>: enough to recognize a format.</summary>
    internal byte[] ReadHead(int count)
    {
        byte[] head = new byte[Math.Min(count, Length)];
        using Stream stream = OpenRead();
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return read == head.Length ? head : head[..read];
    }

    /// <summary>The first eight digits of the hash: enough for a person to tell two blobs apart.</summary>
    public override string ToString() => Sha256[..8];

    /// <summary>Whether a text is a SHA-256 in the form of blob names: 64 lower-case hexadecimal digits.</summary>
    internal static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    internal static string ToHex(ReadOnlySpan<byte> hash) => Convert.ToHexString(hash).ToLowerInvariant();

    /// <summary>SHA-256 of a text in UTF-8, in the form of blob names.</summary>
    internal static string HashOf(string text) => ToHex(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal static string HashOf(Stream stream)
    {
        // The platform's own HashData reads 4 KiB at a time.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
            return ToHex(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
