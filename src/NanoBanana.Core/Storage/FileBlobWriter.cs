using System.Buffers;
using System.Security.Cryptography;

namespace NanoBanana.Storage;

/// <summary>Collects a blob in a temporary file. If the disk fails, it continues in memory, because the bytes were paid
/// for.</summary>
internal sealed class FileBlobWriter(string folder, string prefix = "") : BlobWriter
{
    // Smaller blobs stay in memory: a file would cost more than it saves.
    private const int HeadLength = 32 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _held = [];
    private int _used;
    private FileStream? _file;
    private long _inFile;
    private MemoryBlobWriter? _memory;

    public override void Write(ReadOnlySpan<byte> bytes) => CopyToSpan(bytes);

    public override Span<byte> GetSpan(int least)
    {
        if (_memory is null && _held.Length - _used < least) MakeRoom();
        return _memory is null ? _held.AsSpan(_used) : _memory.GetSpan(least);
    }

    public override void Advance(int count)
    {
        if (_memory is null) _used += count;
        else _memory.Advance(count);
    }

    public override Blob Complete()
    {
        if (_memory is null && (_file is not null || _used > HeadLength)) Flush();
        // Its folder was deleted meanwhile; the bytes are available while the file is open.
        if (_file is not null && !File.Exists(_file.Name)) GoOnInMemory();
        if (_memory is not null) return _memory.Complete();
        if (_file is null) return Blob.FromBytes(_held.AsSpan(0, _used).ToArray());
        string path = _file.Name;
        _file.Dispose();
        _file = null;
        return new FileBlob(path, Blob.ToHex(_hash.GetHashAndReset()), isVerified: true);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _hash.Dispose();
        _memory?.Dispose();
        LeaveBuffer();
        RemoveFile();
    }

    // A small signature never needs the large buffer.
    private void MakeRoom()
    {
        if (_held.Length >= Blob.PieceLength)
        {
            Flush();
            return;
        }
        byte[] larger = ArrayPool<byte>.Shared.Rent(_held.Length == 0 ? HeadLength : Blob.PieceLength);
        _held.AsSpan(0, _used).CopyTo(larger);
        LeaveBuffer();
        _held = larger;
    }

    private void Flush()
    {
        ReadOnlySpan<byte> bytes = _held.AsSpan(0, _used);
        try
        {
            // Unbuffered: a failed write throws at once, and everything before it is in the file.
            _file ??= new FileStream(AtomicFile.NewTemporaryPath(folder, prefix), FileMode.CreateNew,
                FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            _file.Write(bytes);
            _hash.AppendData(bytes);
            _inFile += bytes.Length;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            GoOnInMemory();
            _memory!.Write(bytes);
        }
        _used = 0;
    }

    private void GoOnInMemory()
    {
        _memory = new MemoryBlobWriter();
        if (_file is null) return;
        _file.Position = 0;
        byte[] buffer = new byte[81920];
        for (long left = _inFile; left > 0;)
        {
            int read = _file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            _memory.Write(buffer.AsSpan(0, read));
            left -= read;
        }
        RemoveFile();
    }

    private void LeaveBuffer()
    {
        if (_held.Length > 0) ArrayPool<byte>.Shared.Return(_held);
        _held = [];
    }

    private void RemoveFile()
    {
        if (_file is null) return;
        string path = _file.Name;
        _file.Dispose();
        _file = null;
        if (File.Exists(path)) File.Delete(path);
    }
}
