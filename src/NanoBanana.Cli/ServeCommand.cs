using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NanoBanana.Emulator;

namespace NanoBanana.Cli;

/// <summary><c>nb serve</c>: the emulator on a port of this machine, for clients in other processes and languages.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port; 0 for any free one.", HelpName = "N" };
        var faults = new Option<FileInfo?>("--faults") { Description = "Script of failures to rehearse (docs/emulator.md).", HelpName = "FILE" };
        var latency = new Option<TimeSpan>("--latency") { Description = "Wait before every answer, such as 20ms or 1.5s.", HelpName = "TIME", CustomParser = ParseTime };
        var big = new Option<bool>("--big") { Description = "Images of 10 to 20 MB, as the largest of the service." };
        var command = new Command("serve", "Serve the emulator on this machine.");
        command.Options.Add(port);
        command.Options.Add(faults);
        command.Options.Add(latency);
        command.Options.Add(big);
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(port), parsed.GetValue(faults), parsed.GetValue(latency), parsed.GetValue(big)));
        return command;
    }

    private static async Task<int> RunAsync(int port, FileInfo? faults, TimeSpan latency, bool big)
    {
        try
        {
            FaultScript script = faults is null ? FaultScript.None : FaultScript.Load(faults.FullName);
            using var service = new EmulatorService(new EmulatorOptions { Faults = script, Latency = latency, Big = big });
            await using EmulatorServer server = EmulatorServer.Start(service, port);
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            await Console.Out.WriteLineAsync($"Serving at {server.BaseUri} (Ctrl+C ends). For nb: --base-uri {server.BaseUri}").ConfigureAwait(false);
            await stop.Task.ConfigureAwait(false);
            EmulatorStatistics counted = service.Statistics;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{counted.Requests} requests, {counted.BilledGenerations} generations on the bill, {Printer.Money(counted.BilledUsd)}"))
                .ConfigureAwait(false);
            return ExitCode.Success;

            void OnSignal(PosixSignalContext context)
            {
                context.Cancel = true;
                stop.TrySetResult();
            }
        }
        catch (Exception e) when (e is FormatException or SocketException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
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
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && !double.IsNaN(unit))
        {
            return TimeSpan.FromSeconds(value * unit);
        }
        result.AddError($"'{text}' is not a time such as 20ms or 1.5s.");
        return TimeSpan.Zero;
    }
}
