using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>A body compressed in a way that cannot be undone here: whoever reads it is told so, and whoever keeps it
/// takes it as it came.</summary>
/// <param name="raw">The body as it came.</param>
/// <param name="encoding">What its compression is called.</param>
/// <param name="mayBeBilled">Whether it may have been paid for.</param>
internal sealed class EncodedStream(Stream raw, string encoding, bool mayBeBilled) : ForwardStream
{
    /// <summary>The body as it came.</summary>
    public Stream Raw => raw;

    /// <summary>How a file of it ends.</summary>
    public string Extension => encoding is "zstd" ? ".json.zst"
        : $".json.{string.Concat(encoding.Where(char.IsAsciiLetterOrDigit).Take(16))}";

    /// <summary>What is wrong with it.</summary>
    public NbException Error => AnswerErrors.Encoded(encoding, mayBeBilled);

    public override int Read(Span<byte> buffer) => throw Error;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw Error;

    protected override void Dispose(bool disposing)
    {
        if (disposing) raw.Dispose();
        base.Dispose(disposing);
    }
}
