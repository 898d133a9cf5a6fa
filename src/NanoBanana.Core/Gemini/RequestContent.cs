using System.Net.Http.Headers;
using System.Text.Json;
using NanoBanana.Gemini.Http;

namespace NanoBanana.Gemini;

/// <summary>A <see cref="RequestBody"/> as HTTP content.</summary>
internal sealed class RequestContent : WireContent
{
    private readonly RequestBody _body;

    public RequestContent(RequestBody body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public override long Length => _body.Length;

    public override string ToMaskedText() => _body.ToMaskedText();

    /// <summary>Makes the content of a small request without blobs, again for every try.</summary>
    public static Func<WireContent> Of(Action<Utf8JsonWriter> write)
    {
        var body = RequestBody.Create((json, _) => write(json));
        return () => new RequestContent(body);
    }

    protected override Task WriteToAsync(Stream stream, CancellationToken cancellationToken) =>
        _body.WriteToAsync(stream, cancellationToken);
}
