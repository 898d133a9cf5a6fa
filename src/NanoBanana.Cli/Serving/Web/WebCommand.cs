using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving.Web;

/// <summary><c>nb web</c>: images over HTTP. The key stays here.</summary>
internal static class WebCommand
{
    private const int DefaultPort = 8787;

    public static Command Create()
    {
        var command = new Command("web", "Serve images over HTTP, for web pages and other programs; the key stays here.");
        var port = new Option<int>("--port")
        {
            Description = "The port; 0 for any free one.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPort,
        };
        port.Between(IPEndPoint.MinPort, IPEndPoint.MaxPort);
        command.Options.Add(port);
        var host = new ListenOptions(command);
        var options = new WorkspaceOptions(command);
        command.SetAction((parsed, canceled) => RunAsync(parsed, options, host, parsed.GetValue(port)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, WorkspaceOptions options, ListenOptions host, int port)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            WebAccess access = host.Access(parsed);
            using ImageService service = options.Connect(parsed);
            string folder = options.Folder(parsed);
            Budget shared = options.Budget(parsed);
            var workspaces = new ConcurrentDictionary<string, Workspace>(StringComparer.Ordinal);
            var routes = new WebRoutes(WorkspaceOf, new RequestOptions
            {
                // As the route of the first documents has it.
                Model = options.Model(parsed), AspectRatio = "1:1", Size = "2K",
            });
            WebApplication app = host.Builder(parsed, port).Build();
            await using (app.ConfigureAwait(false))
            {
                access.Guard(app);
                routes.Map(app);
                try
                {
                    await app.StartAsync(stopping.Token).ConfigureAwait(false);
                }
                catch (IOException e)
                {
                    throw new NbException("Nb.Server.PortTaken", NbErrorKind.ResourceUnavailable,
                        $"Port {port} cannot be used: {e.GetBaseException().Message}", "Choose another (--port).", e);
                }
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Listening on {app.Urls.First()}"));
                await app.WaitForShutdownAsync(stopping.Token).ConfigureAwait(false);
            }
            foreach (Workspace workspace in workspaces.Values) workspace.Dispose();
            return ExitCode.Success;

            Workspace WorkspaceOf(WebClient? client) => workspaces.GetOrAdd(client?.Name ?? "", name =>
                new Workspace(service, name.Length == 0 ? folder : Path.Combine(folder, name),
                    client?.MaxCost is { } most ? new Budget(most) : shared, options.Parallel(parsed),
                    stopping.Token));
        }
        catch (NbException e)
        {
            new Printer().Error(e);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }
}
