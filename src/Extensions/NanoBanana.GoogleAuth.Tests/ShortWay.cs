using Google.Apis.Http;

namespace NanoBanana.GoogleAuth.Tests;

/// <summary>Leads every request to the loopback Google: the address for users' tokens is built into the
/// library.</summary>
internal sealed class ShortWay(GoogleServer google) : HttpClientFactory
{
    protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) =>
        new Handler(google) { InnerHandler = base.CreateHandler(args) };

    private sealed class Handler(GoogleServer google) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            request.RequestUri = google.TokenUri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
