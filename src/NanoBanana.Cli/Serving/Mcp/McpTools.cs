using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving.Mcp;

/// <summary>The tools: making, editing, anchors, what is there, what it cost. A result is a path and a link; the
/// picture itself only when it is asked for, since clients have limits.</summary>
/// <param name="workspace">Where everything happens.</param>
/// <param name="defaults">What holds where a call says nothing.</param>
internal sealed partial class McpTools(Workspace workspace, RequestOptions defaults)
{
    private const int MostListed = 200;
    private const int UsuallyListed = 20;

    // Fields that are no part of the request to the model.
    private static readonly string[] OfTool = ["data", "dryRun"];

    private readonly string _picture =
        "the id of an image that was made here (the file's name), or a data URL";

    /// <summary>All of them.</summary>
    public IReadOnlyList<McpTool> All => [.. Single, .. Many];

    private IReadOnlyList<McpTool> Single =>
    [
        new("make_image",
            "Makes an image with a Gemini image model and saves it. Give 'anchors' to keep a character the same.",
            ItemSchema.WithOptions(workspace.Service.Catalog, ["prompt"],
                ("prompt", ItemSchema.Text("The scene to draw.")), Name, AnchorNames, References, Data, DryRun),
            IsReadOnly: false, MakeAsync) { TakesOptions = true },
        new("edit_image",
            "Changes an image. The edit continues the conversation that made it, so everything else stays the same.",
            ItemSchema.WithOptions(workspace.Service.Catalog, ["image", "edit"],
                ("image", ItemSchema.Text($"What to change: {_picture}.")),
                ("edit", ItemSchema.Text("What to change about it, in words.")), Name, AnchorNames, References, Data,
                DryRun),
            IsReadOnly: false, EditAsync) { TakesOptions = true },
        new("set_anchor",
            "Makes an image the anchor of a character, object, style or place: later images that name it keep it.",
            ItemSchema.Of(["name", "image"],
                ("name", ItemSchema.Text("Its name in prompts: letters, digits, - and _.")),
                ("image", ItemSchema.Text($"What it looks like: {_picture}.")),
                ("role", ItemSchema.Text(
                    $"{string.Join(", ", Enum.GetNames<ReferenceRole>())}; Character when left out.")),
                ("description", ItemSchema.Text("A fixed description, repeated in every prompt."))),
            IsReadOnly: false, SetAnchor),
        new("list_anchors", "Lists the anchors.", ItemSchema.Of([]), IsReadOnly: true, ListAnchors),
        new("list_images", "Lists the images, newest last.",
            ItemSchema.Of([], ("limit", ItemSchema.Number("Most images, 1 to 200; 20 when left out."))),
            IsReadOnly: true, ListImages),
        new("show_image", "Shows how an image was made: its prompts, turn by turn, its model and its cost.",
            ItemSchema.Of(["image"], ("image", ItemSchema.Text("The id of an image that was made here.")), Data),
            IsReadOnly: true, ShowImage),
        new("list_models", "Lists the models with their sizes, ratios and prices.", ItemSchema.Of([]),
            IsReadOnly: true, ListModels),
        new("get_cost", "Shows what was spent since the server started, and what may still be spent.",
            ItemSchema.Of([]), IsReadOnly: true, GetCost),
    ];

    private static (string, JsonObject) Name =>
        ("name", ItemSchema.Text("The file's name without extension; made of the prompt when left out."));

    private static (string, JsonObject) AnchorNames =>
        ("anchors", ItemSchema.Texts("Names of anchors to keep the same."));

    private (string, JsonObject) References =>
        ("references", ItemSchema.Texts($"Other pictures to look at: {_picture}."));

    private static (string, JsonObject) Data => ("data", ItemSchema.Flag(
        "Whether to return the picture itself as base64, up to 1 MB; otherwise only its path."));

    private static (string, JsonObject) DryRun =>
        ("dryRun", ItemSchema.Flag("Only report what would be sent and what it would cost."));

    /// <summary>The image as a resource's address.</summary>
    public static string UriOf(string path) => new Uri(path).AbsoluteUri;

    private Task<CallToolResult> MakeAsync(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone) =>
        RunAsync(fields, source: null, tell, gone);

    private Task<CallToolResult> EditAsync(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone) =>
        RunAsync([.. fields.Where(field => field.Key != "image")],
            workspace.ImageOf(JsonFields.Required(fields, "image")), tell, gone);

    private async Task<CallToolResult> RunAsync(IReadOnlyList<KeyValuePair<string, JsonElement>> fields,
        NbImage? source, Action<string> tell, CancellationToken gone)
    {
        bool withData = JsonFields.Flag(fields, "data") == true;
        var asked = WorkRequest.Read(fields, isEdit: source is not null, OfTool);
        string? name = asked.FileName();
        PreparedRequest request = asked.Prepare(workspace, source, defaults);
        if (JsonFields.Flag(fields, "dryRun") == true)
        {
            return Result(WorkspaceJson.PlanOf(workspace, asked, request));
        }
        tell($"Asking {request.Model.Id}, about {Readable.Money(request.EstimatedCost)}.");
        MadeImages made = await workspace.MakeAsync(request, name, tell, gone).ConfigureAwait(false);
        ImmutableArray<NbImage> images = made.Images;
        JsonObject told = Described(images[0]);
        made.AddTo(told, asked.Warnings);
        if (images.Length > 1) told["others"] = WorkspaceJson.Texts([.. images.Skip(1).Select(image => image.Path!)]);
        return Result(told, [.. images.SelectMany(image => Blocks(image, withData))]);
    }

    private Task<CallToolResult> SetAnchor(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone) =>
        Task.FromResult(Result(WorkspaceJson.Of(workspace.SetAnchor(fields))));

    private Task<CallToolResult> ListAnchors(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone) =>
        Task.FromResult(Result(WorkspaceJson.AnchorsOf(workspace)));

    private Task<CallToolResult> ListImages(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone)
    {
        int limit = JsonFields.Number(fields, "limit", 1, MostListed) ?? UsuallyListed;
        NbImage[] images = [.. workspace.Latest(limit)];
        return Task.FromResult(Result(
            new JsonObject { ["images"] = new JsonArray([.. images.Select(image => (JsonNode)Described(image))]) },
            [.. images.Select(Link)]));
    }

    private Task<CallToolResult> ShowImage(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone)
    {
        NbImage image = workspace.Find(JsonFields.Required(fields, "image"));
        JsonObject told = Described(image);
        told["turns"] = WorkspaceJson.TurnsOf(image);
        return Task.FromResult(Result(told, [.. Blocks(image, JsonFields.Flag(fields, "data") == true)]));
    }

    private Task<CallToolResult> ListModels(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone)
    {
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return Task.FromResult(Result(new JsonObject
        {
            ["default"] = workspace.Service.Catalog.DefaultModel,
            ["models"] = new JsonArray([.. workspace.Service.Catalog.Models
                .Where(model => !model.IsRetiredOn(today)).Select(model => (JsonNode)new JsonObject
                {
                    ["id"] = model.Id,
                    ["name"] = model.Name,
                    ["aliases"] = WorkspaceJson.Texts([.. model.Aliases]),
                    ["sizes"] = WorkspaceJson.Texts([.. model.Sizes]),
                    ["aspectRatios"] = WorkspaceJson.Texts([.. model.Ratios]),
                    ["estimatedCost"] = workspace.Service.Prepare(new ImageRequest
                    {
                        Prompt = "a picture", Model = model.Id,
                    }).EstimatedCost,
                })]),
        }));
    }

    private Task<CallToolResult> GetCost(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone)
    {
        Budget budget = workspace.Budget;
        return Task.FromResult(Result(new JsonObject
        {
            ["spent"] = budget.Spent,
            ["setAside"] = budget.Committed - budget.Spent,
            ["limit"] = budget.Limit,
            ["left"] = budget.Left,
        }));
    }

    private static JsonObject Described(NbImage image) => new()
    {
        ["id"] = Path.GetFileName(image.Path),
        ["path"] = image.Path,
        ["prompt"] = image.Prompt,
        ["model"] = image.Model,
        ["width"] = image.Width,
        ["height"] = image.Height,
        ["mimeType"] = image.MimeType,
        ["bytes"] = image.Length,
        ["anchors"] = WorkspaceJson.Texts([.. image.Anchors]),
        ["text"] = SafeText.Of(image.Text),
        ["cost"] = image.Cost,
        ["verdict"] = VerdictJson.Of(image.Verdict),
    };

    private static IEnumerable<ContentBlock> Blocks(NbImage image, bool withData)
    {
        yield return Link(image);
        if (!withData) yield break;
        if (image.Length <= 1_000_000) yield return ImageContentBlock.FromBytes(image.Data.ToArray(), image.MimeType);
        else yield return new TextContentBlock { Text = string.Create(CultureInfo.InvariantCulture,
            $"The picture has {Readable.Bytes(image.Length)}, more than clients take: read it from its path.") };
    }

    private static ContentBlock Link(NbImage image) => new ResourceLinkBlock
    {
        Uri = UriOf(image.Path!),
        Name = Path.GetFileName(image.Path!),
        Description = image.Prompt is { } prompt ? Readable.Short(prompt) : null,
        MimeType = image.MimeType,
        Size = image.Length,
    };

    /// <summary>A result as text, for clients that read only that, and as JSON.</summary>
    public static CallToolResult Result(JsonObject told, params ContentBlock[] more)
    {
        string text = WorkspaceJson.Written(told);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = text }, .. more],
            StructuredContent = JsonElement.Parse(text),
        };
    }
}
