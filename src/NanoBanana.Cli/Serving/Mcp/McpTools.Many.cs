using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Reports;
using Reference = NanoBanana.Pictures.Reference;

namespace NanoBanana.Cli.Serving.Mcp;

// Batches, and looking at what was made.
internal sealed partial class McpTools
{
    private const int MostVotes = 15;

    private readonly BatchTools _batches = new(workspace);

    private IReadOnlyList<McpTool> Many =>
    [
        new("run_batch",
            "Makes many images as one batch in its own folder: images that exist and are unchanged are not made again, so "
            + "the same call goes on after a stop. Items may build on each other with 'from' and 'edit'.",
            ItemSchema.Of(["name"],
                ("name", ItemSchema.Text("The batch: letters, digits, - and _.")),
                ("items", ItemSchema.Objects("The items, each with name, and prompt or from and edit, anchors, "
                    + "references, aspectRatio, size ... as make_image takes them; left out, those of last time.")),
                ("maxCost", ItemSchema.Amount("USD that it may cost; all that is left when left out.")),
                ("mode", ItemSchema.Text("live, or batch: half the price, and hours; call again to fetch.")),
                ("retryFailed", ItemSchema.Flag("Try items again that gave no image before.")),
                DryRun),
            IsReadOnly: false, RunBatchAsync),
        new("show_batch", "Shows the state of a batch, item by item.",
            ItemSchema.Of(["name"], ("name", ItemSchema.Text("The batch."))), IsReadOnly: true,
            (fields, _, _) => Task.FromResult(Result(_batches.Show(fields)))),
        new("check_image",
            "Checks an image: with a judge (which costs a little), and with what is "
            + "measured.",
            ItemSchema.Of(["image"],
                ("image", ItemSchema.Text($"What to check: {_picture}.")),
                ("anchors", ItemSchema.Texts("Names of anchors it should match; without other checks, its own.")),
                ("references", ItemSchema.Texts($"Pictures it should match: {_picture}.")),
                ("prompt", ItemSchema.Text("The prompt it should match.")),
                ("lettering", ItemSchema.Texts("Lettering it should have, compared letter by letter.")),
                ("policy", ItemSchema.Text("A brand's gates: a JSON file beside the images.")),
                ("votes", ItemSchema.Number("How often it is judged; each vote costs money.")),
                DryRun),
            IsReadOnly: false, CheckAsync),
        new("review_images", "Writes a page for a person to review all images, or those of a batch.",
            ItemSchema.Of([], ("name", ItemSchema.Text("The batch; all images of the folder when left out."))),
            IsReadOnly: false, Review),
    ];

    private async Task<CallToolResult> RunBatchAsync(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone) =>
        Result(await _batches.RunAsync(fields, tell, gone).ConfigureAwait(false));

    private async Task<CallToolResult> CheckAsync(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone)
    {
        NbImage image = workspace.ImageOf(JsonFields.Required(fields, "image"));
        var options = new CheckOptions
        {
            References =
            [
                .. JsonFields.Texts(fields, "anchors").SelectMany(name => workspace.Anchor(name).ToReferences()),
                .. JsonFields.Texts(fields, "references")
                    .Select(id => new Reference(workspace.ImageOf(id).ToPicture())),
            ],
            Prompt = JsonFields.Text(fields, "prompt"),
            Text = [.. JsonFields.Texts(fields, "lettering")],
            Policy = JsonFields.Text(fields, "policy") is { } policy ? workspace.Policy(policy) : null,
        };
        int? votes = JsonFields.Number(fields, "votes", 1, MostVotes);
        options.DemandUsed(votes, judgeModel: null);
        options = options.For(image);
        Judge judge = workspace.Service.Judge(model: null, votes ?? 1);
        var checker = new ImageChecker(ImagingExtension.Current.Value, judge, options);
        if (JsonFields.Flag(fields, "dryRun") == true)
        {
            return Result(new JsonObject
            {
                ["judgeModel"] = judge.Model.Id, ["estimatedCost"] = checker.Estimate(),
            });
        }
        await judge.DemandAsync(gone).ConfigureAwait(false);
        tell($"Asking {judge.Model.Id}.");
        await workspace.Places.WaitAsync(gone).ConfigureAwait(false);
        try
        {
            return Result(CheckJson.Of(
                await checker.CheckAsync(image, workspace.Budget, gone).ConfigureAwait(false)));
        }
        finally
        {
            workspace.Places.Release();
        }
    }

    private Task<CallToolResult> Review(
        IReadOnlyList<KeyValuePair<string, JsonElement>> fields, Action<string> tell, CancellationToken gone)
    {
        string folder = JsonFields.Text(fields, "name") is null ? workspace.Folder : _batches.FolderOf(fields);
        string page = ReportPage.Export(folder, Printer.Words);
        var link = new ResourceLinkBlock { Uri = UriOf(page), Name = Path.GetFileName(page), MimeType = "text/html" };
        return Task.FromResult(Result(new JsonObject { ["path"] = page }, link));
    }
}
