using NanoBanana.Storage;

namespace NanoBanana.Tests.Gemini;

/// <summary>A memory sink that knows how many of its writers are still open.</summary>
internal sealed class TrackingSink : BlobSink
{
    public int Created { get; private set; }

    public int Open { get; private set; }

    internal override string AnswersFolder => UserFolders.Answers;

    internal override BlobWriter Create()
    {
        Created++;
        Open++;
        return new Tracked(this);
    }

    private sealed class Tracked(TrackingSink sink) : BlobWriter
    {
        private readonly MemoryBlobWriter _inner = new();
        private bool _disposed;

        public override void Write(ReadOnlySpan<byte> bytes) => _inner.Write(bytes);

        public override Blob Complete() => _inner.Complete();

        protected override void Dispose(bool disposing)
        {
            if (_disposed) return;
            _disposed = true;
            sink.Open--;
            _inner.Dispose();
        }
    }
}
