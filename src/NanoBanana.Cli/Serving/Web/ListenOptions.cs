using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>The options of commands that serve HTTP: address and clients.</summary>
internal sealed class ListenOptions
{
    private const string TokenVariable = "NB_WEB_TOKEN";
    private const long Megabyte = 1_000_000;

    // The lowest rate of a client in bytes per second, below that of any network usable for pictures.
    private const double SlowestRate = 5_000;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Option<IPAddress> _address = new("--address")
    {
        Description = "The address to listen on; one that other machines can reach needs tokens.",
        HelpName = "IP",
        CustomParser = ParseAddress,
        DefaultValueFactory = _ => IPAddress.Loopback,
    };

    private readonly Option<FileInfo?> _tokens = new("--tokens")
    {
        Description = "JSON file of clients: [{\"name\", \"token\", \"maxCost\", \"requestsPerMinute\"}], each with a folder of "
            + $"its own. {TokenVariable} in the environment is the token of a single client.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _origins = new("--allow-origin")
    {
        Description = "An origin whose pages may send requests from a browser, such as https://example.org. May be given again.",
        HelpName = "ORIGIN",
        DefaultValueFactory = _ => [],
        CustomParser = result => Checked(result, IsOrigin, "is no origin, such as https://example.org: no path."),
    };

    private readonly Option<string[]> _hosts = new("--host-name")
    {
        Description = "Another host name than localhost for requests. May be given again.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
        CustomParser = result => Checked(result, IsHostName, "is no host name: give it without scheme and port."),
    };

    private readonly Option<int> _maxBody = new("--max-body")
    {
        Description = "Most megabytes of a request.",
        HelpName = "MB",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<int> _maxWaiting = new("--max-waiting")
    {
        Description = "Most waiting requests of a client; the next one is refused (503).",
        HelpName = "N",
        DefaultValueFactory = _ => 32,
    };

    private readonly Option<int> _patience = new("--patience")
    {
        Description = "Seconds for a client that is slower than 5 kB/s or sends no request.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 10,
    };

    public ListenOptions(Command command)
    {
        _maxBody.Between(1, 1000);
        _maxWaiting.Between(0);
        // The server checks its clients once a second.
        _patience.Between(2, 3600);
        foreach (Option option in new Option[]
        {
            _address, _tokens, _origins, _hosts, _maxBody, _maxWaiting, _patience,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The clients that may send requests.</summary>
    /// <exception cref="NbException">The file of tokens cannot be used, or there are none where they are
    /// needed.</exception>
    public WebAccess Access(ParseResult parsed)
    {
        IReadOnlyList<WebClient> clients = parsed.GetValue(_tokens) is { } file ? WebClient.Load(file.FullName)
            : Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token
                ? [new WebClient("", token)] : [];
        IPAddress address = parsed.GetRequiredValue(_address);
        if (clients.Count == 0 && !IPAddress.IsLoopback(address))
        {
            throw new NbException("Nb.Server.NoTokens", NbErrorKind.InvalidArgument,
                $"On {address} other machines could spend your money.",
                $"Give tokens (--tokens FILE, or {TokenVariable} in the environment), or leave --address out.");
        }
        return new WebAccess(clients, IPAddress.IsLoopback(address), parsed.GetValue(_origins)!,
            parsed.GetValue(_hosts)!);
    }

    /// <summary>How many requests a client may have open.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="parallel">Requests in flight, which do not wait.</param>
    public WebTraffic Traffic(ParseResult parsed, int parallel) =>
        new((int)Math.Min(int.MaxValue, (long)parallel + parsed.GetValue(_maxWaiting)), Patience(parsed));

    /// <summary>A server on that address, without logging. Idle clients are disconnected.</summary>
    public WebApplicationBuilder Builder(ParseResult parsed, int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            TimeSpan patience = Patience(parsed);
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = patience;
            kestrel.Limits.KeepAliveTimeout = Idle;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestRate, patience);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(SlowestRate, patience);
            kestrel.Limits.MaxRequestBodySize = parsed.GetValue(_maxBody) * Megabyte;
            kestrel.Limits.MaxConcurrentConnections = Math.Min(256, OpenFiles.MostParallel);
            kestrel.Listen(parsed.GetRequiredValue(_address), port);
        });
        return builder;
    }

    private TimeSpan Patience(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(_patience));

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address)) return address;
        result.AddError($"'{result.Tokens[0].Value}' is no IP address.");
        return null;
    }

    private static string[] Checked(ArgumentResult result, Func<string, bool> isGood, string otherwise)
    {
        string[] all = [.. result.Tokens.Select(token => token.Value)];
        if (all.FirstOrDefault(one => !isGood(one)) is { } wrong) result.AddError($"'{wrong}' {otherwise}");
        return all;
    }

    // Normalized as browsers write it, because it is compared with what they send.
    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    private static bool IsHostName(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;
}
