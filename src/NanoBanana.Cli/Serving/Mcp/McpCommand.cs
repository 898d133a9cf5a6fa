using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using NanoBanana.Cli.Serving.Web;
using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving.Mcp;

/// <summary><c>nb mcp</c>: the tools for agents, over standard input and output or over HTTP.</summary>
internal static class McpCommand
{
    public static Command Create()
    {
        var command = new Command("mcp", "Serve agents (Model Context Protocol): over stdin and stdout, or HTTP.");
        var port = new Option<int?>("--port")
        {
            Description = "Serve HTTP on this port of this machine, at /mcp, instead; 0 for any free one.",
            HelpName = "N",
        };
        port.Between(IPEndPoint.MinPort, IPEndPoint.MaxPort);
        command.Options.Add(port);
        var host = new ListenOptions(command);
        var options = new WorkspaceOptions(command);
        command.SetAction((parsed, _) => ServerRun.RunAsync(stopping =>
            ServeAsync(parsed, options, host, parsed.GetValue(port), stopping)));
        return command;
    }

    private static async Task ServeAsync(
        ParseResult parsed, WorkspaceOptions options, ListenOptions host, int? port, CancellationToken stopping)
    {
        using ImageService service = options.Connect(parsed);
        var workspaces = new Workspaces(service, options.Folder(parsed), options.Allowance(parsed),
            options.Parallel(parsed), stopping);
        await using (workspaces.ConfigureAwait(false))
        {
            var defaults = new RequestOptions { Model = options.Model(parsed) };
            if (port is { } number)
            {
                await ServeHttpAsync(workspaces, defaults, host, parsed, number, stopping).ConfigureAwait(false);
            }
            else await ServeStdioAsync(workspaces.Of(null), defaults, stopping).ConfigureAwait(false);
        }
    }

    // Standard output is the protocol's: whatever else would be written there goes to standard error.
    private static async Task ServeStdioAsync(
        Workspace workspace, RequestOptions defaults, CancellationToken stopping)
    {
        Console.SetOut(Console.Error);
        var options = new McpServerOptions();
        McpServerSetup.Configure(options, workspace, new McpTools(workspace, defaults));
        var transport = new StdioServerTransport(options);
        await using (transport.ConfigureAwait(false))
        {
            var server = McpServer.Create(transport, options);
            await using (server.ConfigureAwait(false)) await server.RunAsync(stopping).ConfigureAwait(false);
        }
    }

    private static async Task ServeHttpAsync(Workspaces workspaces, RequestOptions defaults, ListenOptions host,
        ParseResult parsed, int port, CancellationToken stopping)
    {
        WebAccess access = host.Access(parsed);
        WebApplicationBuilder builder = host.Builder(parsed, port);
        builder.Services.AddMcpServer().WithHttpTransport(options => options.ConfigureSessionOptions = Configure);
        WebApplication app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            access.Guard(app);
            host.Traffic(parsed, workspaces.Parallel).Watch(app);
            app.MapMcp("/mcp");
            await ServerRun.ListenAsync(app, "/mcp", port, stopping).ConfigureAwait(false);
        }

        // Each client has a folder, anchors and a budget of its own.
        Task Configure(HttpContext context, McpServerOptions options, CancellationToken canceled)
        {
            Workspace workspace = workspaces.Of(WebAccess.ClientOf(context));
            McpServerSetup.Configure(options, workspace, new McpTools(workspace, defaults));
            return Task.CompletedTask;
        }
    }
}
