using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>A stream that is only read, and looks at what passes.</summary>
internal abstract class PassingStream(Stream source) : ForwardStream
{
    /// <summary>Where the bytes come from.</summary>
    protected virtual Stream Source => source;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Seen(Source.Read(buffer));
        }
        catch (InvalidDataException e)
        {
            throw Told(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Seen(await Source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidDataException e)
        {
            throw Told(e);
        }
    }

    /// <summary>Called with the number of bytes of each read.</summary>
    protected virtual int Seen(int read) => read;

    /// <summary>What to throw for damaged data.</summary>
    protected virtual Exception Told(InvalidDataException e) => e;

    protected override void Dispose(bool disposing)
    {
        if (disposing) Source.Dispose();
        base.Dispose(disposing);
    }
}
