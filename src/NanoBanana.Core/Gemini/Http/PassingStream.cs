using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>A read-only stream that observes the bytes passing through.</summary>
internal abstract class PassingStream(Stream source) : ForwardStream
{
    /// <summary>Where the bytes come from.</summary>
    protected virtual Stream Source => source;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Noted(buffer, Source.Read(buffer));
        }
        catch (InvalidDataException e)
        {
            throw Explain(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await Source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return Noted(buffer.Span, read);
        }
        catch (InvalidDataException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>Called with the bytes of each read.</summary>
    protected virtual void Seen(ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Called at the end of the bytes.</summary>
    protected virtual void Ended()
    {
    }

    /// <summary>The error to throw for damaged data.</summary>
    protected virtual Exception Explain(InvalidDataException e) => e;

    private int Noted(ReadOnlySpan<byte> buffer, int read)
    {
        if (read > 0) Seen(buffer[..read]);
        else if (buffer.Length > 0) Ended();
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Source.Dispose();
        base.Dispose(disposing);
    }
}
