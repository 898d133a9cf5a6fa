namespace NanoBanana.Storage;

/// <summary>Receives the bytes of an answer as they arrive.</summary>
public abstract class BlobSink
{
    /// <summary>Prefix of files whose part of the answer is incomplete.</summary>
    internal const string ArrivingPrefix = "arriving-";

    /// <summary>Prefix of complete results of an answer.</summary>
    internal const string ArrivedPrefix = "arrived-";

    /// <summary>Keeps them in memory.</summary>
    public static BlobSink Memory { get; } = new MemorySink();

    /// <summary>Writes them into a folder of images at once, so that memory does not grow with the image; saving then
    /// only renames.</summary>
    /// <param name="store">The folder's store.</param>
    internal static BlobSink Files(BlobStore store) => Files(store, arrived: null);

    /// <summary>A sink for an answer that cannot be fetched again.</summary>
    /// <param name="store">The folder's store.</param>
    /// <param name="arrived">The start of its file names, which identifies the request if a file is found
    /// later.</param>
    internal static BlobSink Files(BlobStore store, string? arrived) => new FileSink(store.TemporaryFolder, arrived);

    /// <summary>Starts a blob.</summary>
    internal abstract BlobWriter Create();

    /// <summary>Called with every result of an answer as it arrives, so that it survives the end of this
    /// process.</summary>
    /// <returns>The same bytes.</returns>
    internal virtual Blob Keep(Blob picture) => picture;

    /// <summary>The folder for unreadable answers.</summary>
    internal abstract string AnswersFolder { get; }

    private sealed class MemorySink : BlobSink
    {
        internal override BlobWriter Create() => new MemoryBlobWriter();

        internal override string AnswersFolder => UserFolders.Answers;
    }

    private sealed class FileSink(string folder, string? arrived) : BlobSink
    {
        private int _kept;

        internal override BlobWriter Create() =>
            new FileBlobWriter(folder, arrived is null ? "" : ArrivingPrefix + arrived);

        internal override Blob Keep(Blob picture)
        {
            if (arrived is null) return picture;
            try
            {
                // In the order they came.
                string path = AtomicFile.NewTemporaryPath(
                    folder, FormattableString.Invariant($"{ArrivedPrefix}{arrived}{_kept++:000}-"));
                if (picture is not FileBlob file) return Written(picture, path);
                file.Rename(path);
                return file;
            }
            catch (Exception e) when (Disk.IsRefusal(e))
            {
                // A file that cannot be renamed stays where it is; saving reports the error.
                return picture;
            }
        }

        // An incomplete file is recognized by the missing end of the picture.
        private static FileBlob Written(Blob picture, string path)
        {
            using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write)) picture.CopyTo(target);
            return new FileBlob(path, picture.Sha256, isVerified: true);
        }

        internal override string AnswersFolder =>
            Storage.AnswersFolder.Of(Path.GetDirectoryName(Path.GetDirectoryName(folder))!);
    }
}
