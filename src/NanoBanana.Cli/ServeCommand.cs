using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Cli;

/// <summary><c>nb serve</c>: the emulator on a port of this machine, for clients in other processes and
/// languages.</summary>
internal static class ServeCommand
{
    private const string TokenVariable = "EMULATOR_TOKEN";

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port; 0 for any free one.", HelpName = "N" };
        port.Between(IPEndPoint.MinPort, IPEndPoint.MaxPort);
        var faults = new Option<FileInfo?>("--faults") { Description =
            "Script of failures to rehearse (docs/emulator.md).", HelpName = "FILE" };
        var latency =
            new Option<TimeSpan>("--latency") { Description = "Wait before every answer, such as 20ms or 1.5s.",
            HelpName = "TIME", CustomParser = ParseTime };
        var rate = new Option<int?>("--bytes-per-second") { Description =
            "Bytes of each answer sent within a second, as over a slow line.", HelpName = "N" };
        rate.Between(1);
        var address =
            new Option<IPAddress>("--address") { Description =
            "The address to listen on; one that other machines can reach needs a token.", HelpName = "IP",
            CustomParser = ParseAddress, DefaultValueFactory = _ => IPAddress.Loopback };
        var token = new Option<string?>("--token") { Description =
            "The secret that every client must send, as its API key or bearer token; EMULATOR_TOKEN in the environment keeps it off the command line.",
            HelpName = "SECRET" };
        var big = new Option<bool>("--big") { Description = "Images of 10 to 20 MB, as the largest of the service." };
        var drift = new Option<bool>("--drift") { Description =
            "Every edit darkens the whole picture by about 2.5 gray levels, as measured with a real model." };
        var repeatable =
            new Option<bool>("--repeatable") { Description =
            "A repeated request gets the same picture as before; without it, another one, as from the service." };
        var basePath =
            new Option<string>("--base-path") { Description =
            "Prefix of all paths, as behind a gateway: /gemini.", HelpName = "PATH",
            DefaultValueFactory = _ => "" };
        var hostNames =
            new Option<string[]>("--host-name") { Description =
            "Another host name than localhost for clients on this machine.", HelpName = "NAME",
            DefaultValueFactory = _ => [] };
        Option<FileInfo?> catalog = ServiceOptions.CatalogOption();
        var command = new Command("serve", "Serve the emulator on this machine.");
        foreach (Option option in new Option[] { port, address, token, faults, latency, rate, big, drift, repeatable,
            basePath, hostNames, catalog })
        {
            command.Options.Add(option);
        }
        command.SetAction(parsed =>
            RunAsync(parsed.GetValue(port), parsed.GetRequiredValue(address), () => new EmulatorOptions
        {
            Faults = parsed.GetValue(faults) is { } script ? FaultScript.Load(script.FullName) : FaultScript.None,
            RequiredToken = parsed.GetValue(token) is { Length: > 0 } secret ? secret
                : Environment.GetEnvironmentVariable(TokenVariable),
            Latency = parsed.GetValue(latency),
            BytesPerSecond = parsed.GetValue(rate),
            Big = parsed.GetValue(big),
            Drift = parsed.GetValue(drift) ? EmulatorOptions.MeasuredDrift : 0,
            IsRepeatable = parsed.GetValue(repeatable),
            BasePath = parsed.GetRequiredValue(basePath),
            CatalogPath = parsed.GetValue(catalog)?.FullName,
            HostNames = parsed.GetRequiredValue(hostNames),
        }));
        return command;
    }

    private static async Task<int> RunAsync(int port, IPAddress address, Func<EmulatorOptions> options)
    {
        try
        {
            using var service = new EmulatorService(options());
            if (!IPAddress.IsLoopback(address) && string.IsNullOrEmpty(service.Options.RequiredToken))
            {
                new Printer().Error(EmulatorErrors.TokenRequired(new IPEndPoint(address, port).ToString()));
                return ExitCode.Usage;
            }
            await using EmulatorServer server = EmulatorServer.Start(service, port, address);
            // Nothing here is paid for, so there is nothing to wait for.
            using var signals = new EndSignals();
            await Console.Out.WriteLineAsync(
                $"Serving at {server.BaseUri} (Ctrl+C ends). For nb: --base-uri {server.BaseUri}")
                .ConfigureAwait(false);
            await signals.Stopping.ConfigureAwait(false);
            EmulatorStatistics counted = service.Statistics;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{counted.Requests} requests, {counted.BilledGenerations} generations on the bill, {Readable.Money(counted.BilledUsd)}"))
                .ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (Exception e) when (e is FormatException or SocketException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
    }

    private static IPAddress ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address)) return address;
        result.AddError($"'{result.Tokens[0].Value}' is not an address such as 0.0.0.0 or 127.0.0.1.");
        return IPAddress.None;
    }

    private static TimeSpan ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        (string number, double unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1),
            _ when text.EndsWith('m') => (text[..^1], 60),
            _ => (text, double.NaN),
        };
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && !double.IsNaN(unit))
        {
            return TimeSpan.FromSeconds(value * unit);
        }
        result.AddError($"'{text}' is not a time such as 20ms or 1.5s.");
        return TimeSpan.Zero;
    }
}
