using System.Security.Cryptography;

namespace NanoBanana.Conversations;

/// <summary>Collects a blob in a temporary file. When the disk refuses, it goes on in memory: the bytes were paid for.</summary>
internal sealed class FileBlobWriter(string folder) : BlobWriter
{
    // Below this, a file costs more than it saves.
    private const int HeadLength = 32 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _head = [];
    private int _inHead;
    private FileStream? _file;
    private long _inFile;
    private MemoryBlobWriter? _memory;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_file is null && _memory is null && !TryKeepInHead(bytes)) LeaveHead();
        if (_memory is not null) _memory.Write(bytes);
        else if (_file is not null) WriteToFile(bytes);
    }

    public override Blob Complete()
    {
        if (_memory is not null) return _memory.Complete();
        if (_file is null) return Blob.FromBytes(_head.AsMemory(0, _inHead));
        string path = _file.Name;
        _file.Dispose();
        _file = null;
        return new FileBlob(path, Blob.ToHex(_hash.GetHashAndReset()));
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _hash.Dispose();
        _memory?.Dispose();
        RemoveFile();
    }

    private bool TryKeepInHead(ReadOnlySpan<byte> bytes)
    {
        if (_inHead + bytes.Length > HeadLength) return false;
        if (_inHead + bytes.Length > _head.Length) Array.Resize(ref _head, _inHead == 0 ? Math.Max(512, bytes.Length) : HeadLength);
        bytes.CopyTo(_head.AsSpan(_inHead));
        _inHead += bytes.Length;
        return true;
    }

    private void LeaveHead()
    {
        try
        {
            // No buffer: a write that fails has failed when it returns, and what came before it is in the file.
            _file = new FileStream(AtomicFile.NewTemporaryPath(folder), FileMode.CreateNew, FileAccess.ReadWrite,
                FileShare.Read, bufferSize: 0);
            WriteToFile(_head.AsSpan(0, _inHead));
        }
        catch (Exception e) when (_file is null && e is IOException or UnauthorizedAccessException)
        {
            _memory = new MemoryBlobWriter();
            _memory.Write(_head.AsSpan(0, _inHead));
        }
        _head = [];
    }

    private void WriteToFile(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file!.Write(bytes);
            _hash.AppendData(bytes);
            _inFile += bytes.Length;
        }
        catch (IOException)
        {
            GoOnInMemory();
            _memory!.Write(bytes);
        }
    }

    private void GoOnInMemory()
    {
        _memory = new MemoryBlobWriter();
        _file!.Position = 0;
        byte[] buffer = new byte[81920];
        for (long left = _inFile; left > 0;)
        {
            int read = _file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            _memory.Write(buffer.AsSpan(0, read));
            left -= read;
        }
        RemoveFile();
    }

    private void RemoveFile()
    {
        if (_file is null) return;
        string path = _file.Name;
        _file.Dispose();
        _file = null;
        File.Delete(path);
    }
}
