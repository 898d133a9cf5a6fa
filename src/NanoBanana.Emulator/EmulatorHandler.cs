using System.Net;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator;

/// <summary>
/// The emulator in process: an <see cref="HttpClient"/> with this handler talks to the emulator whatever host its
/// addresses
/// name. Faults of the connection show as the exceptions a socket would give.
/// </summary>
/// <param name="service">The service that answers. It is not disposed with the handler.</param>
public sealed class EmulatorHandler(EmulatorService service) : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Uri uri = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        Stream body = request.Content is null
            ? Stream.Null
            : await request.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);

        EmulatorRequest received = new()
        {
            Method = request.Method.Method,
            Path = Uri.UnescapeDataString(uri.AbsolutePath),
            Query = EmulatorRequest.ParseQuery(uri.Query),
            Headers = Headers(request),
            Body = body,
            BaseUri = new Uri(uri.GetLeftPart(UriPartial.Authority)),
        };

        // Drawing takes time, so it must not run on the sending thread.
        EmulatorResponse response = await Task.Run(
            () => service.HandleAsync(received, cancellationToken), cancellationToken).ConfigureAwait(false);

        switch (response.Transport?.Kind)
        {
            case TransportFaultKind.ResetBefore:
                throw new HttpRequestException(
                    HttpRequestError.Unknown, "An error occurred while sending the request.", ChunkStream.Reset());
            case TransportFaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
                break;
        }

        return ToMessage(response, request);
    }

    private static Dictionary<string, string> Headers(HttpRequestMessage request)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, IEnumerable<string> values) in request.Headers.NonValidated
            .Concat(request.Content?.Headers.NonValidated ?? default)
            .Select(header => (header.Key, (IEnumerable<string>)header.Value)))
            headers[name] = string.Join(", ", values);
        return headers;
    }

    private static HttpResponseMessage ToMessage(EmulatorResponse response, HttpRequestMessage request)
    {
        StreamContent content = new(new ChunkStream(TransportBreaker.Body(response)));
        HttpResponseMessage message = new((HttpStatusCode)response.Status)
        {
            RequestMessage = request,
            Version = HttpVersion.Version11,
            Content = content,
        };
        foreach ((string name, string value) in response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!response.IsStreamed || response.Transport?.Kind == TransportFaultKind.WrongContentLength)
        {
            content.Headers.ContentLength = TransportBreaker.AnnouncedLength(response);
        }
        return message;
    }
}
