using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>A body whose compression is not supported: reading it fails with a clear error, and saving it keeps the raw
/// bytes.</summary>
/// <param name="raw">The body as it came.</param>
/// <param name="encoding">Name of its compression.</param>
/// <param name="mayBeBilled">Whether it may have been paid for.</param>
internal sealed class EncodedStream(Stream raw, string encoding, bool mayBeBilled) : ForwardStream
{
    /// <summary>The body as it came.</summary>
    public Stream Raw => raw;

    /// <summary>File name extension for it.</summary>
    public string Extension => encoding is "zstd" ? ".json.zst"
        : $".json.{string.Concat(encoding.Where(char.IsAsciiLetterOrDigit).Take(16))}";

    /// <summary>The error of reading it.</summary>
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
