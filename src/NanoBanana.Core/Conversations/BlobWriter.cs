namespace NanoBanana.Conversations;

/// <summary>Takes bytes as they arrive and turns them into a <see cref="Blob"/>; disposed before it is completed, it leaves nothing.</summary>
public abstract class BlobWriter : IDisposable
{
    /// <summary>Adds bytes.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the blob. Nothing can be written after it.</summary>
    public abstract Blob Complete();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Discards what has not been completed.</summary>
    protected abstract void Dispose(bool disposing);
}
