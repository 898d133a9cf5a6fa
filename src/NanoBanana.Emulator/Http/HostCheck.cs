using System.Globalization;
using System.Net;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Http;

/// <summary> Refuses requests of web pages: of a page whose name was pointed to this machine after loading (its name is
/// in the Host header), and of a page that calls this machine directly (it is in the Origin header). </summary>
internal sealed class HostCheck
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="end">Where the server listens.</param>
    /// <param name="names">Its further host names.</param>
    public HostCheck(IPEndPoint end, IEnumerable<string> names)
    {
        string port = end.Port.ToString(CultureInfo.InvariantCulture);
        foreach (string host in (string[])["localhost", "127.0.0.1", "[::1]", end.ToString()[..^(port.Length + 1)],
            .. names])
        {
            _hosts.Add($"{host}:{port}");
            if (end.Port == 80) _hosts.Add(host);
        }

        _hosts.UnionWith(names);
    }

    /// <exception cref="ServiceException">The request is not from a client of this server.</exception>
    public void Check(IReadOnlyDictionary<string, string> headers)
    {
        // An old client without a Host header is not a browser.
        if (headers.TryGetValue("Host", out string? host) && !_hosts.Contains(host))
        {
            throw Refused(
                $"The emulator does not answer for the host \"{host}\": ask for {_hosts.First()}, or start it with that name.");
        }
        if (headers.TryGetValue("Origin", out string? origin) && !IsOurs(origin))
        {
            throw Refused($"The emulator does not answer to pages of \"{origin}\".");
        }
    }

    private bool IsOurs(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
        && (_hosts.Contains(uri.Authority) || _hosts.Contains($"{uri.Host}:{uri.Port}"));

    private static ServiceException Refused(string message) => new(403, "PERMISSION_DENIED", message);
}
