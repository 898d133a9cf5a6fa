using System.Net;

namespace NanoBanana.Gemini.Http;

/// <summary>The proxy of the environment or the system, but never for this machine: plain http is allowed only here,
/// and a proxy could read the key.</summary>
internal sealed class OuterProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException();
    }

    public Uri? GetProxy(Uri destination) =>
        IsBypassed(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) =>
        host.IsLoopback || host.Scheme == Uri.UriSchemeHttp || HttpClient.DefaultProxy.IsBypassed(host);
}
