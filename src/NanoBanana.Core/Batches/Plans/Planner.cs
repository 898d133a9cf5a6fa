using System.Collections.Immutable;
using System.IO.Enumeration;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Plans;

/// <summary>Turns a manifest into a graph of checked requests. Sends nothing.</summary>
internal sealed class Planner
{
    private readonly Manifest _manifest;
    private readonly ImageService _service;
    private readonly BatchOptions _options;
    private readonly List<NbException> _problems = [];
    private readonly Dictionary<string, BatchNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _freeSearches = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _leftOut = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _strangers = new(StringComparer.Ordinal);
    private readonly List<string> _unused = [];
    private ImmutableArray<string> _unmatched = [];
    private readonly string? _source;

    public Planner(Manifest manifest, ImageService service, BatchOptions options, string? destination)
    {
        _manifest = manifest;
        _service = service;
        _options = options;
        _source = manifest.Path is null ? null : Path.GetFileName(manifest.Path);
        Pictures = new PictureLibrary(manifest, destination);
        Dependencies = new Dependencies(manifest);
        string? own = destination is not null
            && manifest.Path == Path.Combine(destination, ManifestWriter.FileName) ? destination : null;
        Rules = new TryRules(service, path => BrandPolicy.Load(manifest.Resolve(path), Pictures.Anchor, own),
            manifest.Resolve);
    }

    /// <summary>The rules that decide when pictures are good enough.</summary>
    public TryRules Rules { get; }

    public PictureLibrary Pictures { get; }

    public Dependencies Dependencies { get; }

    /// <summary>How long models thought in this folder; null without a folder.</summary>
    public LearnedThinking? Learned { get; init; }

    /// <summary>Whether the manifest is the folder's own, which another run has accepted.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Warnings about names that match no item, and about options that do not apply.</summary>
    public IEnumerable<string> Warnings => _unmatched
        .Select(only => $"'{only}' names no item of the manifest.")
        .Concat(_strangers)
        .Concat(_leftOut.Select(option => $"'{option}' is for single calls; jobs go without it."))
        .Concat(_options is { Mode: BatchMode.Live, Webhooks.IsEmpty: false }
            ? ["Webhooks tell when a job has ended; a live run has none."] : [])
        .Concat(_unused);

    /// <summary>The planned manifest with the run's options applied; later runs continue with it.</summary>
    public Manifest AsRun()
    {
        RequestOption[] chosen =
            [.. RequestOptionTable.All.Where(option => option.Of(_options.Overrides) is not null)];
        Manifest manifest = _manifest with { Edition = _options.Edition };
        if (chosen.Length == 0) return manifest;
        // All shards must get the same result, because they write the same manifest.
        HashSet<BatchNode> asked = WithSources(_nodes.Values.Where(IsAskedFor));
        return manifest with
        {
            Items = [.. manifest.Items.Select(item => asked.Contains(_nodes[item.Name])
                ? chosen.Aggregate(item, (changed, option) => option.Copy(_options.Overrides, changed)) : item)],
        };
    }

    /// <summary>Every requested node and its sources; sources come before the nodes made from them.</summary>
    /// <exception cref="NbException">A request is wrong; all mistakes are reported together.</exception>
    public ImmutableArray<BatchNode> Plan()
    {
        CheckNames();
        var items = new Dictionary<string, ManifestItem>(_manifest.Items.Length, StringComparer.Ordinal);
        foreach (ManifestItem item in _manifest.Items) items.Add(item.Name, item);
        var order = ImmutableArray.CreateBuilder<BatchNode>(items.Count);
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (ManifestItem item in _manifest.Items) Visit(item);
        LookForUnused();
        ManifestErrors.ThrowTogether(_problems, _source);
        return Selected(order.ToImmutable());

        // Sources first. The manifest was checked to have no cycle.
        void Visit(ManifestItem last)
        {
            var chain = new Stack<ManifestItem>();
            for (ManifestItem? item = last; item is not null && !_nodes.ContainsKey(item.Name)
                && !failed.Contains(item.Name);)
            {
                chain.Push(item);
                item = item.From is { } from ? items.GetValueOrDefault(from) : null;
            }
            while (chain.TryPop(out ManifestItem? item))
            {
                // Items made from a wrong item are not checked: their mistakes may only follow from it.
                bool sourceFailed = item.From is { } from && failed.Contains(from);
                if (!sourceFailed && TryMakeNode(item) is { } node) order.Add(node);
                else failed.Add(item.Name);
            }
        }
    }

    // A name is one of an item; a wildcard may match nothing, unless that leaves nothing to do.
    private void CheckNames()
    {
        if (_options.Only.IsDefaultOrEmpty) return;
        _unmatched = [.. _options.Only.Where(only =>
            !_manifest.Items.Any(item => FileSystemName.MatchesSimpleExpression(only, item.Name)))];
        string? wrong = _unmatched.FirstOrDefault(only => only.IndexOfAny(['*', '?']) < 0)
            ?? (_unmatched.Length == _options.Only.Length ? _unmatched[0] : null);
        if (wrong is not null)
        {
            throw BatchErrors.NoSuchItem(wrong, [.. _manifest.Items.Select(item => item.Name)]);
        }
    }

    // What is said for all may fit some; what fits none is a mistake.
    private void LookForUnused()
    {
        var unused = _nodes.Values.SelectMany(node => Rules.Unused(node.Request, isEdit: node.Item.From is not null)
            .Select(option => (option, node)));
        foreach (IGrouping<string, BatchNode> items in unused.GroupBy(one => one.option, one => one.node))
        {
            RequestOption option = RequestOptionTable.All.First(known => known.Name == items.Key);
            int saying = _nodes.Values.Count(node => option.Of(node.Request) is not null);
            BatchNode first = items.First();
            if (saying == items.Count() && !IsContinued)
            {
                _problems.Add(ManifestErrors.Item(ManifestErrors.Place(_source, first.Item.Position), first.Name,
                    TryRules.NotUsed(option.Name, first.Request.Prompt)));
            }
            else
            {
                _unused.Add($"'{option.Name}' counts for {saying - items.Count()} of the {saying} items that have it; "
                    + $"for the others, such as '{first.Name}', nothing is {(items.Key == "maximumDrift" ? "edited"
                    : "judged")}.");
            }
        }
    }

    private BatchNode? TryMakeNode(ManifestItem item)
    {
        try
        {
            BatchNode? source = item.From is { } from ? _nodes.GetValueOrDefault(from) : null;
            BatchNode node = MakeNode(item, source);
            source?.Children.Add(node);
            _nodes.Add(item.Name, node);
            return node;
        }
        catch (NbException e)
        {
            _problems.Add(ManifestErrors.Item(ManifestErrors.Place(_source, item.Position), item.Name, e));
            return null;
        }
    }

    private BatchNode MakeNode(ManifestItem item, BatchNode? source)
    {
        ImageRequest request = RequestOf(item, source?.Request);
        NbImage? file = item.From is not null && source is null ? Pictures.Source(item) : null;
        PreparedRequest prepared = _service.Prepare(request with { Source = file });
        if (_service.Catalog.WarningOf(prepared.Model) is { } stranger) _strangers.Add(stranger);
        long tokens = RequestBuilder.InputTokens(prepared.Model, prepared.Call, request.MediaResolution);
        if (source is not null)
        {
            tokens += source.InputTokens
                + prepared.Model.InputTokensOf(PictureFormat.Image, request.MediaResolution);
        }
        // An error in a policy, a judge or a region is reported as a mistake of the item.
        TryRule? rule = Rules.For(prepared, mayBeAlone: source is not null, isSourceLater: source is not null);
        decimal factor = _options.Mode == BatchMode.Batch ? _service.Catalog.BatchPriceFactor : 1;
        ImageRequest priced = prepared.Request with { Size = prepared.Size ?? prepared.Call.ImageSize };
        ModelInfo model = Learned?.Apply(prepared.Model) ?? prepared.Model;
        int free = TakeFreeSearches(model, priced);
        return new BatchNode
        {
            Item = item,
            Stem = ItemPath.StemOf(item),
            Source = source,
            Request = request with { Source = file },
            Prepared = prepared,
            InputTokens = tokens,
            Estimate = Pricing.Estimate(model, priced, tokens, free) * factor
                + (rule?.JudgingEstimate ?? 0),
            BatchEstimate = Pricing.Estimate(model, priced with { ServiceTier = null }, tokens, free)
                * _service.Catalog.BatchPriceFactor + (rule?.JudgingEstimate ?? 0),
            MaximumTryCount = rule?.MaximumTryCount ?? 1,
            DependsHash = Dependencies.HashOf(item.Depends ?? _manifest.Defaults.Depends ?? []),
            JudgingEstimate = rule is null ? 0 : rule.JudgingEstimate,
            Protection = Rules.ProtectionOf(request),
            Rule = Rules.CheckOf(request, isEdit: item.From is not null),
        };
    }

    /// <summary>The item's own settings, then those of its source, then the defaults.</summary>
    private ImageRequest RequestOf(ManifestItem item, ImageRequest? source)
    {
        ManifestItem defaults = _manifest.Defaults;
        bool isEdit = item.From is not null;
        var request = new ImageRequest
        {
            Prompt = item.Words,
            // An edit continues a conversation that has the pictures already.
            Anchors = [.. (item.Anchors ?? (isEdit ? null : defaults.Anchors) ?? []).Select(Pictures.Anchor)],
        };
        foreach (RequestOption option in RequestOptionTable.All)
        {
            object? value = option.Of(_options.Overrides) ?? option.Of(item)
                ?? (source is null ? option.Of(defaults) : Inherited(option, request.Model, source, defaults));
            bool isLeftOut = value is not null && option.IsLiveOnly && _options.Mode == BatchMode.Batch;
            if (isLeftOut) _leftOut.Add(option.Name);
            request = option.With(request, isLeftOut ? null : value);
        }
        return request with
        {
            References = [.. (item.References ?? (isEdit ? null : defaults.References) ?? [])
                .Select(reference => Pictures.Reference(reference, request.ByReference == true))],
        };
    }

    // An option of the source is inherited only if this item's model has it.
    private object? Inherited(RequestOption option, string? model, ImageRequest source, ManifestItem defaults)
    {
        object? own = option.Inheritance == OptionInheritance.None ? null : option.Of(source);
        if (own is null) return option.Of(defaults);
        if (option.Inheritance == OptionInheritance.Source || source.Model == model) return own;
        return _service.Catalog.Find(model ?? _service.Catalog.DefaultModel) is { } known
            && option.WordsOf(known).Contains((string)own, StringComparer.OrdinalIgnoreCase) ? own : null;
    }

    // Free searches used by one item are not available to the next.
    private int TakeFreeSearches(ModelInfo model, ImageRequest request)
    {
        int wanted = Pricing.ExpectedSearches(request);
        if (wanted == 0 || model.FreeSearches is not { } allowance) return 0;
        if (!_freeSearches.TryGetValue(allowance.Pool, out int left))
        {
            left = SearchMeter.Left(allowance, _options.TimeProvider.GetUtcNow());
        }
        int taken = Math.Min(wanted, left);
        _freeSearches[allowance.Pool] = left - taken;
        return taken;
    }

    private ImmutableArray<BatchNode> Selected(ImmutableArray<BatchNode> nodes)
    {
        HashSet<BatchNode>? ofShard = _options.Shard is { } shard ? Sharding.Part(nodes, shard) : null;
        BatchNode[] targets = [.. nodes.Where(node => (ofShard?.Contains(node) ?? true) && IsAskedFor(node))];
        if (_options.Force)
        {
            foreach (BatchNode node in targets) node.Force();
        }
        HashSet<BatchNode> needed = WithSources(targets);
        return [.. nodes.Where(needed.Contains)];
    }

    private bool IsAskedFor(BatchNode node) =>
        _options.Only.IsDefaultOrEmpty
            || _options.Only.Any(only => FileSystemName.MatchesSimpleExpression(only, node.Name));

    private static HashSet<BatchNode> WithSources(IEnumerable<BatchNode> nodes)
    {
        var all = new HashSet<BatchNode>();
        foreach (BatchNode node in nodes)
        {
            for (BatchNode? at = node; at is not null && all.Add(at); at = at.Source) { }
        }
        return all;
    }
}
