using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving.Web;

/// <summary><c>nb web</c>: serves images over HTTP. The key stays on this machine.</summary>
internal static class WebCommand
{
    private const int DefaultPort = 8787;

    public static Command Create()
    {
        var command = new Command("web", "Serve images over HTTP, for web pages and other programs; the key stays on this machine.");
        var port = new Option<int>("--port")
        {
            Description = "The port; 0 for any free one.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPort,
        };
        port.Between(IPEndPoint.MinPort, IPEndPoint.MaxPort);
        command.Options.Add(port);
        var endsWithInput = new Option<bool>("--until-input-ends")
        {
            Description = "Stop when standard input ends, and not at Ctrl+C: for programs that start it.",
        };
        command.Options.Add(endsWithInput);
        var host = new ListenOptions(command);
        var options = new WorkspaceOptions(command);
        command.SetAction((parsed, _) => ServerRun.RunAsync(stopping =>
            ServeAsync(parsed, options, host, parsed.GetValue(port), stopping), parsed.GetValue(endsWithInput)));
        return command;
    }

    private static async Task ServeAsync(
        ParseResult parsed, WorkspaceOptions options, ListenOptions host, int port, CancellationToken stopping)
    {
        WebAccess access = host.Access(parsed);
        using ImageService service = options.Connect(parsed);
        var workspaces = new Workspaces(service, options.Folder(parsed), options.Allowance(parsed),
            options.Parallel(parsed), stopping);
        var routes = new WebRoutes(workspaces.Of, new RequestOptions
        {
            // As in the first documentation of the route.
            Model = options.Model(parsed), AspectRatio = "1:1", Size = "2K",
        });
        WebApplication app = host.Builder(parsed, port).Build();
        await using (app.ConfigureAwait(false))
        {
            access.Guard(app);
            host.Traffic(parsed, workspaces.Parallel).Watch(app);
            routes.Map(app);
            await ServerRun.ListenAsync(app, path: "", port, stopping).ConfigureAwait(false);
        }
        await workspaces.DisposeAsync().ConfigureAwait(false);
    }
}
