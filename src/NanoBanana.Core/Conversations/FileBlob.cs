namespace NanoBanana.Conversations;

internal sealed class FileBlob(string path, string? sha256) : Blob
{
    private long? _length;
    private string? _sha256 = sha256;

    public string Path => path;

    public override long Length => _length ??= Guarded(() => new FileInfo(path).Length);

    public override string Sha256
    {
        get
        {
            if (_sha256 is null)
            {
                using Stream stream = OpenRead();
                _sha256 = HashOf(stream);
            }
            return _sha256;
        }
    }

    public override Stream OpenRead() => Guarded(() => new FileStream(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan));

    private T Guarded<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NbErrors.BlobMissing(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NbErrors.FileUnreadable(path, e);
        }
    }
}
