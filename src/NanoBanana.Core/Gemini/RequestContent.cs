using System.Net;
using System.Net.Http.Headers;

namespace NanoBanana.Gemini;

/// <summary>A <see cref="RequestBody"/> as HTTP content: streamed, with its length, and it knows whether it was sent whole.</summary>
internal sealed class RequestContent : HttpContent
{
    private readonly RequestBody _body;

    public RequestContent(RequestBody body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Whether every byte was handed over: before that the service cannot have carried out anything.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Bytes of the body.</summary>
    public long Length => _body.Length;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _body.WriteToAsync(stream, cancellationToken).ConfigureAwait(false);
        IsSent = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
