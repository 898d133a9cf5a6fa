using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Cli.Serving;

/// <summary>Batches made by a server for its clients: many items in a subfolder of the workspace, resumed when the same
/// batch is requested again.</summary>
/// <param name="workspace">The folder and budget to use.</param>
internal sealed class BatchTools(Workspace workspace)
{
    /// <summary>Shows the state of a batch, item by item.</summary>
    /// <exception cref="NbException">There is none of that name.</exception>
    public JsonObject Show(IReadOnlyList<KeyValuePair<string, JsonElement>> fields)
    {
        string folder = FolderOf(fields);
        if (!Batch.IsAt(folder)) throw BatchErrors.NotFound(Path.GetFileName(folder));
        BatchPlan plan = BatchPlan.LookAt(folder, workspace.Service);
        return Describe(folder, plan.Summary, plan.Items, plan.Warnings);
    }

    /// <summary>Makes everything that is not up to date, and waits for it; in a dry run only reports the
    /// price.</summary>
    /// <param name="fields">name, items, maxCost, mode, retryFailed, dryRun.</param>
    /// <param name="tell">Called for each item.</param>
    /// <param name="gone">Canceled when the client no longer waits: then nothing more begins.</param>
    /// <exception cref="NbException">An item is wrong, or the budget is spent.</exception>
    public async Task<JsonObject> RunAsync(IReadOnlyList<KeyValuePair<string, JsonElement>> fields,
        Action<string> tell, CancellationToken gone)
    {
        string folder = FolderOf(fields);
        Manifest? manifest = ManifestOf(fields, folder);
        if (manifest is null && !Batch.IsAt(folder)) JsonFields.Required(fields, "items");
        Budget budget = workspace.Budget;
        decimal? left = budget.Left;
        decimal? most = JsonFields.Money(fields, "maxCost") is { } own && !(own > left) ? own : left;
        BatchPlan plan = BatchPlan.Create(manifest, workspace.Service, new BatchOptions
        {
            Mode = ModeOf(fields),
            ThrottleLimit = workspace.Parallel,
            Places = workspace.Places,
            MaxCost = most,
            RetryFailed = JsonFields.Flag(fields, "retryFailed") == true,
            // Jobs take hours, so the call returns; calling again fetches available results.
            Wait = false,
        }, folder);
        if (JsonFields.Flag(fields, "dryRun") == true)
        {
            JsonObject planned = Describe(folder, plan.Summary, plan.Items, plan.Warnings);
            planned["estimatedCost"] = ModeOf(fields) == BatchMode.Live ? plan.EstimatedCost
                : plan.ToSend.Sum(item => item.EstimatedBatchCost ?? 0);
            return planned;
        }
        // The batch has its own budget, so its limit is reserved until it ends.
        Reservation held = (budget.Limit is null ? budget.ReserveNothing() : budget.TryReserve(most ?? 0))
            ?? throw GenerationErrors.OverBudget(
                Path.GetFileName(folder), plan.EstimatedCost, budget.Committed, budget.Limit ?? 0);
        return await workspace.HoldAsync(RunAsync(plan, held, tell, gone), gone).ConfigureAwait(false);
    }

    private async Task<JsonObject> RunAsync(
        BatchPlan plan, Reservation held, Action<string> tell, CancellationToken gone)
    {
        decimal? cost = 0;
        try
        {
            using Batch batch = Batch.Open(plan);
            using CancellationTokenRegistration left = gone.Register(() => batch.Stop());
            using CancellationTokenRegistration ended = workspace.Stopping.Register(() => batch.Stop());
            try
            {
                await foreach (BatchItem item in batch.RunAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    if (item.IsFinal) tell($"{item}: {batch.Summary}");
                }
            }
            finally
            {
                // Requests without an answer may have been billed, so everything set aside counts then.
                cost = batch.Summary.Uncertain > 0 ? null : CostWithJobs(batch);
            }
            return Describe(batch.Destination, batch.Summary, batch.Items, [.. batch.Warnings, .. batch.TakeNotices()]);
        }
        finally
        {
            held.Settle(cost);
        }
    }

    // A submitted job will be paid for, so its estimate counts until it is fetched.
    private decimal CostWithJobs(Batch batch)
    {
        decimal submitted = batch.Items.Where(item => item.State == BatchItemState.Submitted)
            .Sum(item => item.EstimatedCost ?? 0);
        decimal counted = workspace.Jobs.GetValueOrDefault(batch.Destination);
        decimal cost = batch.Summary.Cost;
        workspace.Jobs[batch.Destination] = Math.Max(submitted, counted - cost);
        return Math.Max(0, cost + submitted - counted);
    }

    /// <summary>Full path of the folder for 'name'.</summary>
    /// <exception cref="NbException">It is not a valid folder name.</exception>
    public string FolderOf(IReadOnlyList<KeyValuePair<string, JsonElement>> fields)
    {
        string name = JsonFields.Required(fields, "name");
        // The anchors' folder is reserved, in any case, because some file systems ignore case.
        bool isName = name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            && !name.Equals("anchors", StringComparison.OrdinalIgnoreCase);
        return isName ? Path.Combine(workspace.Folder, name) : throw new NbException(
            "Nb.Request.NameIsPath", NbErrorKind.InvalidArgument, $"'{Readable.Short(name)}' cannot name a batch.",
            "Give letters, digits, - and _. Nothing was sent.") { Target = name };
    }

    private static BatchMode ModeOf(IReadOnlyList<KeyValuePair<string, JsonElement>> fields) =>
        JsonFields.Text(fields, "mode") switch
        {
            null or "live" => BatchMode.Live,
            "batch" => BatchMode.Batch,
            { } other => throw new NbException("Nb.Request.UnsupportedOption", NbErrorKind.InvalidArgument,
                $"There is no mode '{Readable.Short(other)}'.", "Give live, or batch: half the price, and hours.")
            {
                Target = "mode",
            },
        };

    // Paths in items are images of the folder; nothing else is read.
    private Manifest? ManifestOf(IReadOnlyList<KeyValuePair<string, JsonElement>> fields, string folder)
    {
        JsonElement items = fields.FirstOrDefault(field => field.Key == "items").Value;
        if (items.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (items.ValueKind != JsonValueKind.Array) throw JsonFields.WrongType("items", "a list of objects");
        KeyValuePair<string, object?>[][] rows = [.. items.EnumerateArray().Select(item => JsonFields.Of(item)
            .Select(field => KeyValuePair.Create(field.Key, JsonFields.ToObject(field.Value))).ToArray())];
        // Checked before any file named by an item is read.
        ManifestItem[] read = [.. rows.Select(row => Manifest.ReadRow(row).Item)];
        var names = read.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ManifestItem item in read) Check(item, names);
        var manifest = Manifest.FromObjects(rows, workspace.Folder);
        return manifest.WithAnchors(workspace.Anchors.Find, folder);
    }

    private void Check(ManifestItem item, HashSet<string> names)
    {
        Manifest.CheckPath(item);
        if (item.Depends is not null) throw NotTaken(item.Name);
        if (item.Policy is { } policy) workspace.PolicyPath(policy);
        if (item.From is { } source && !names.Contains(source)) workspace.Find(source);
        if (item.Mask is { } mask) workspace.Find(mask);
        foreach (ManifestReference reference in item.References ?? []) workspace.Find(reference.Picture.Path);
        foreach (string anchor in item.Anchors ?? []) workspace.Anchor(anchor);
    }

    private static JsonObject Describe(string folder, BatchSummary summary, IEnumerable<BatchItem> items,
        ImmutableArray<string> warnings) => new()
        {
            ["name"] = Path.GetFileName(folder),
            ["path"] = folder,
            ["summary"] = summary.ToString(),
            ["isComplete"] = summary.IsComplete,
            ["cost"] = summary.Cost,
            ["items"] = new JsonArray([.. items.Select(item => (JsonNode)new JsonObject
            {
                ["name"] = item.Name,
                ["state"] = item.State.ToString(),
                ["path"] = item.HasImage ? item.Path : null,
                ["cost"] = item.Cost,
                ["estimatedCost"] = item.HasImage ? null : item.EstimatedCost,
                ["id"] = item.Error?.ErrorId,
                ["error"] = item.Error is { } error ? SafeText.Of(error.Message) : null,
            })]),
            ["warnings"] = WorkspaceJson.Texts(warnings),
        };

    private static NbException NotTaken(string item) => new("Nb.Request.UnsupportedOption",
        NbErrorKind.InvalidArgument, $"'{Readable.Short(item)}' names files of the server.",
        "Leave depends out. Nothing was sent.") { Target = item };
}
