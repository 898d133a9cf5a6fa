using System.Net;

namespace NanoBanana.Gemini.Http;

/// <summary>Content of known length that is generated while it is sent, and knows whether all of it was sent.</summary>
internal abstract class WireContent : HttpContent
{
    /// <summary>Bytes of the body.</summary>
    public abstract long Length { get; }

    /// <summary>Whether every byte was sent: before that the service cannot have carried out the request.</summary>
    public bool IsSent { get; private set; }

    /// <summary>The body for people to read: its text, with lengths in place of images and signatures.</summary>
    public abstract string ToMaskedText();

    protected abstract Task WriteToAsync(Stream stream, CancellationToken cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await WriteToAsync(stream, cancellationToken).ConfigureAwait(false);
        IsSent = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }
}
