using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using NanoBanana.Images;

namespace NanoBanana.Cli.Serving.Mcp;

/// <summary>What the server tells and does, whatever carries it.</summary>
internal static class McpServerSetup
{
    private const string AnchorScheme = "anchor";
    private const string HistoryScheme = "history";

    private static readonly WordList Words = Printer.Words.With(
        typeof(McpServerSetup).Assembly.GetManifestResourceStream("mcp.words.json")!);

    /// <summary>Fills in the server's options.</summary>
    public static void Configure(McpServerOptions options, Workspace workspace, McpTools tools)
    {
        IReadOnlyList<McpTool> all = tools.All;
        options.ServerInfo = new Implementation
        {
            Name = "nanobanana",
            Title = "Images with Google's Gemini image models",
            Version = typeof(McpServerSetup).Assembly.GetName().Version?.ToString(3) ?? "0",
        };
        options.ServerInstructions =
            "Images are saved on this machine; results give their path. To keep a character the same, make one image, "
            + "call set_anchor with it, and name the anchor in later calls. Change an image with edit_image rather than "
            + "making it again. Many images at once are one run_batch. check_image says whether an image keeps an "
            + "anchor. "
            + "Every image costs money: dryRun tells the price, get_cost what is left.";
        options.Handlers.ListToolsHandler = (_, _) =>
            new(new ListToolsResult { Tools = [.. all.Select(tool => tool.ToProtocol())] });
        options.Handlers.CallToolHandler = (request, gone) => CallAsync(all, request, gone);
        options.Handlers.ListResourcesHandler = (_, _) => new(new ListResourcesResult
        {
            Resources = [.. Resources(workspace)],
        });
        options.Handlers.ListResourceTemplatesHandler = (_, _) => new(new ListResourceTemplatesResult
        {
            ResourceTemplates =
            [
                new ResourceTemplate
                {
                    UriTemplate = $"{AnchorScheme}:///{{name}}",
                    Name = "anchor",
                    Description = "An anchor: what stays the same.",
                    MimeType = "application/json",
                },
                new ResourceTemplate
                {
                    UriTemplate = $"{HistoryScheme}:///{{image}}",
                    Name = "history",
                    Description = "How an image was made, turn by turn; {image} is its id.",
                    MimeType = "application/json",
                },
            ],
        });
        options.Handlers.ReadResourceHandler = (request, _) => new(Read(workspace, request.Params?.Uri ?? ""));
    }

    private static async ValueTask<CallToolResult> CallAsync(
        IReadOnlyList<McpTool> tools, RequestContext<CallToolRequestParams> request, CancellationToken gone)
    {
        CallToolRequestParams call = request.Params!;
        McpTool tool = tools.FirstOrDefault(tool => tool.Name == call.Name)
            ?? throw new McpProtocolException(
                $"There is no tool '{call.Name}'.", McpErrorCode.InvalidParams);
        int step = 0;
        try
        {
            return await tool.CallAsync([.. Fields(tool, call)], Notify, gone).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            return Failed(e);
        }

        // Clients give up on calls that are silent for a minute.
        void Notify(string text)
        {
            if (call.ProgressToken is not { } token) return;
            _ = request.Server.NotifyProgressAsync(
                token, new ProgressNotificationValue { Progress = ++step, Message = Words.Say(text) },
                cancellationToken: gone);
        }
    }

    // What the schema does not name is refused here too: not every client checks.
    private static IEnumerable<KeyValuePair<string, JsonElement>> Fields(McpTool tool, CallToolRequestParams call)
    {
        var known = (JsonObject)tool.Schema["properties"]!;
        foreach ((string name, JsonElement value) in call.Arguments ?? new Dictionary<string, JsonElement>())
        {
            if (!tool.TakesOptions && !known.ContainsKey(name))
            {
                throw JsonFields.Unknown(name, [.. known.Select(field => field.Key)]);
            }
            JsonFields.DemandTexts(value);
            yield return KeyValuePair.Create(name, value);
        }
    }

    private static CallToolResult Failed(NbException e)
    {
        CallToolResult result = McpTools.Result(ErrorJson.Of(e, Words));
        result.IsError = true;
        return result;
    }

    private static IEnumerable<Resource> Resources(Workspace workspace)
    {
        foreach (string name in workspace.Anchors.Names)
        {
            yield return new Resource
            {
                Uri = $"{AnchorScheme}:///{Uri.EscapeDataString(name)}",
                Name = name,
                Description = "An anchor: what stays the same.",
                MimeType = "application/json",
            };
        }
        foreach (NbImage image in workspace.Latest(int.MaxValue))
        {
            yield return new Resource
            {
                Uri = McpTools.UriOf(image.Path!),
                Name = Path.GetFileName(image.Path!),
                Description = image.Prompt is { } prompt ? Readable.Short(prompt) : null,
                MimeType = image.MimeType,
                Size = image.Length,
            };
        }
    }

    private static ReadResourceResult Read(Workspace workspace, string address)
    {
        try
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)) throw Unknown(address);
            string name = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
            if (uri.Scheme == AnchorScheme) return Json(address, WorkspaceJson.Of(workspace.Anchor(name)));
            if (uri.Scheme == HistoryScheme)
            {
                return Json(address, new JsonObject { ["turns"] = WorkspaceJson.TurnsOf(workspace.Find(name)) });
            }
            // By its name in the folder: another path is not there.
            NbImage image = workspace.Find(Path.GetFileName(uri.LocalPath));
            if (!uri.IsFile || image.Path != Path.GetFullPath(uri.LocalPath)) throw Unknown(address);
            return new ReadResourceResult
            {
                Contents = [BlobResourceContents.FromBytes(image.Data.ToArray(), address, image.MimeType)],
            };
        }
        catch (NbException e)
        {
            throw new McpProtocolException(Words.Say(e.Message), McpErrorCode.ResourceNotFound);
        }
    }

    private static ReadResourceResult Json(string address, JsonObject json) => new()
    {
        Contents =
        [
            new TextResourceContents
            {
                Uri = address, MimeType = "application/json", Text = WorkspaceJson.Written(json),
            },
        ],
    };

    private static NbException Unknown(string address) => new("Nb.Image.Unknown", NbErrorKind.ObjectNotFound,
        $"There is no resource '{Readable.Short(address)}'.", "List them.");
}
