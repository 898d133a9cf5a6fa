using System.Collections.Concurrent;
using NanoBanana.Cli.Serving.Web;
using NanoBanana.Generation;

namespace NanoBanana.Cli.Serving;

/// <summary>The folder and the money of each client: those with a token have their own folder in the server's, and
/// their own budget where they have one.</summary>
/// <param name="service">The service.</param>
/// <param name="folder">Full path of the server's folder.</param>
/// <param name="allowance">The money of all of them together.</param>
/// <param name="parallel">Most calls in flight at once, of all of them together.</param>
/// <param name="stopping">Canceled when the server is to end.</param>
internal sealed class Workspaces(ImageService service, string folder, Allowance allowance, int parallel,
    CancellationToken stopping) : IAsyncDisposable
{
    private readonly Budget _shared = new(allowance.Limit, allowance);
    private readonly SemaphoreSlim _places = new(parallel);
    private readonly ConcurrentDictionary<string, Workspace> _known = new(StringComparer.Ordinal);

    /// <summary>Most calls in flight at once.</summary>
    public int Parallel => parallel;

    /// <summary>That of a client; null for where nobody needs a token.</summary>
    public Workspace Of(WebClient? client) => _known.GetOrAdd(client?.Name ?? "", name => new Workspace(service,
        name.Length == 0 ? folder : Path.Combine(folder, name),
        client?.MaxCost is { } most ? new Budget(most, allowance) : _shared, parallel, _places, stopping));

    /// <summary>Waits for what is in flight: it is paid for.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Workspace workspace in _known.Values) await workspace.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }
}
