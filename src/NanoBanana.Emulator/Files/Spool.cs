using System.Security.Cryptography;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Files;

/// <summary>Bytes that are appended once and then read: in memory while small, in a temporary file when
/// large.</summary>
internal sealed class Spool : IDisposable
{
    private const int MaxInMemory = 8 * 1024 * 1024;
    private const int ReadSize = 64 * 1024;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MemoryStream? _memory = new();
    private FileStream? _file;

    public long Length { get; private set; }

    /// <summary>SHA-256 of what was appended so far, in lower-case hex.</summary>
    public string Hash => Sha256Hex.Format(_hash.GetCurrentHash());

    public void Dispose()
    {
        _hash.Dispose();
        _memory?.Dispose();
        _file?.Dispose();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_memory is not null && _memory.Length + bytes.Length > MaxInMemory)
        {
            string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            _file = new FileStream(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, ReadSize, FileOptions.DeleteOnClose);

            // A killed process deletes nothing, so the file is deleted while open, on systems that allow it.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            _memory.WriteTo(_file);
            _memory.Dispose();
            _memory = null;
        }

        (_file ?? (Stream)_memory!).Write(bytes);
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        int offset = 0;
        foreach (ReadOnlyMemory<byte> chunk in Chunks())
        {
            chunk.CopyTo(bytes.AsMemory(offset));
            offset += chunk.Length;
        }

        return bytes;
    }

    /// <summary>All bytes. A chunk is valid only until the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        if (_memory is not null)
        {
            yield return _memory.GetBuffer().AsMemory(0, (int)Length);
            yield break;
        }

        _file!.Flush();
        byte[] buffer = new byte[ReadSize];
        long offset = 0;
        while (offset < Length)
        {
            int count = RandomAccess.Read(_file.SafeFileHandle, buffer, offset);
            if (count == 0) yield break;
            offset += count;
            yield return buffer.AsMemory(0, count);
        }
    }
}
