using NanoBanana.Storage;

namespace NanoBanana.Bench.Micro;

/// <summary>Decodes and forgets: what the reader costs when nothing is kept.</summary>
internal sealed class NoSink : BlobSink
{
    public static NoSink Instance { get; } = new();

    internal override BlobWriter Create() => new Writer();

    internal override string AnswersFolder => "";

    private sealed class Writer : BlobWriter
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }

        public override Blob Complete() => Blob.FromBytes("x"u8.ToArray());

        protected override void Dispose(bool disposing)
        {
        }
    }
}
