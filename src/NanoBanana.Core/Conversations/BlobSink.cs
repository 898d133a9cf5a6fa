namespace NanoBanana.Conversations;

/// <summary>Where the images and signatures of an answer go while they arrive: memory, or files.</summary>
public abstract class BlobSink
{
    /// <summary>Keeps every blob in memory.</summary>
    public static BlobSink Memory { get; } = new MemorySink();

    /// <summary>A writer for one more blob. Who gets it disposes it, completed or not.</summary>
    public abstract BlobWriter Create();

    private sealed class MemorySink : BlobSink
    {
        public override BlobWriter Create() => new MemoryBlobWriter();
    }
}
