using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>The options of commands that listen for HTTP: where, and who may ask.</summary>
internal sealed class ListenOptions
{
    private const string TokenVariable = "NB_WEB_TOKEN";
    private const long Megabyte = 1_000_000;

    private readonly Option<IPAddress> _address = new("--address")
    {
        Description = "The address to listen on; another than this machine's own needs tokens.",
        HelpName = "IP",
        CustomParser = ParseAddress,
        DefaultValueFactory = _ => IPAddress.Loopback,
    };

    private readonly Option<FileInfo?> _tokens = new("--tokens")
    {
        Description = "JSON file of who may ask: [{\"name\", \"token\", \"maxCost\", \"requestsPerMinute\"}], each with a folder of "
            + $"its own. {TokenVariable} in the environment is the token of a single client.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _origins = new("--allow-origin")
    {
        Description = "An origin whose pages may ask from a browser, such as https://example.org. May be given again.",
        HelpName = "ORIGIN",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _hosts = new("--host-name")
    {
        Description = "Another name than localhost that requests may be addressed to. May be given again.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<int> _maxBody = new("--max-body")
    {
        Description = "Most megabytes of a request.",
        HelpName = "MB",
        DefaultValueFactory = _ => 30,
    };

    public ListenOptions(Command command)
    {
        _maxBody.Between(1, 1000);
        foreach (Option option in new Option[] { _address, _tokens, _origins, _hosts, _maxBody })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Who may ask.</summary>
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
                $"On {address} others than this machine could spend your money.",
                $"Give tokens (--tokens FILE, or {TokenVariable} in the environment), or leave --address out.");
        }
        return new WebAccess(clients, IPAddress.IsLoopback(address), parsed.GetValue(_origins)!,
            parsed.GetValue(_hosts)!);
    }

    /// <summary>A server that listens there and logs nothing but troubles, to standard error.</summary>
    public WebApplicationBuilder Builder(ParseResult parsed, int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = parsed.GetValue(_maxBody) * Megabyte;
            kestrel.Limits.MaxConcurrentConnections = Math.Min(256, OpenFiles.MostParallel);
            kestrel.Listen(parsed.GetRequiredValue(_address), port);
        });
        return builder;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address)) return address;
        result.AddError($"'{result.Tokens[0].Value}' is no IP address.");
        return null;
    }
}
