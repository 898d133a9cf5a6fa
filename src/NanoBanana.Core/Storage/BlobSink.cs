namespace NanoBanana.Storage;

/// <summary>Where the bytes of an answer go as they arrive.</summary>
public abstract class BlobSink
{
    /// <summary>Keeps them in memory.</summary>
    public static BlobSink Memory { get; } = new MemorySink();

    /// <summary>Writes them into a folder of images at once, so that memory does not grow with the image; saving then
    /// only renames.</summary>
    /// <param name="store">The folder's store.</param>
    public static BlobSink Files(BlobStore store) => new FileSink(store.TemporaryFolder);

    /// <summary>Starts a blob.</summary>
    internal abstract BlobWriter Create();

    /// <summary>Where an answer that nobody understands is kept whole.</summary>
    internal abstract string AnswersFolder { get; }

    private sealed class MemorySink : BlobSink
    {
        internal override BlobWriter Create() => new MemoryBlobWriter();

        internal override string AnswersFolder => UserFolders.Answers;
    }

    private sealed class FileSink(string folder) : BlobSink
    {
        internal override BlobWriter Create() => new FileBlobWriter(folder);

        // Beside the folder where bytes arrive.
        internal override string AnswersFolder => Path.Combine(Path.GetDirectoryName(folder)!, "answers");
    }
}
