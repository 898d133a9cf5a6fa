namespace NanoBanana.Storage;

/// <summary>The content of a file that is asked for often: it is parsed again only when the file has changed. Not
/// thread-safe.</summary>
/// <param name="path">Gives the file's path.</param>
/// <param name="parse">Reads it; not called while there is no file.</param>
internal sealed class ParsedFile<T>(Func<string> path, Func<T> parse)
    where T : class, new()
{
    private (string Path, DateTime Written, long Length) _stamp;
    private T? _known;

    /// <summary>The content, which nobody may change; a new one while there is no file.</summary>
    public T Read()
    {
        var file = new FileInfo(path());
        (string, DateTime, long) stamp =
            file.Exists ? (file.FullName, file.LastWriteTimeUtc, file.Length) : (file.FullName, default, -1);
        if (_known is null || _stamp != stamp) (_stamp, _known) = (stamp, file.Exists ? parse() : new T());
        return _known;
    }
}
