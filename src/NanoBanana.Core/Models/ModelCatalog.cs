using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Storage;

namespace NanoBanana.Models;

/// <summary>The models as data: the built-in catalog, overlaid by the user's file.</summary>
public sealed class ModelCatalog
{
    private static readonly Lazy<ModelCatalog> Lazy = new(() => new ModelCatalog(ReadBuiltIn()));

    private readonly CatalogData _data;
    // The service lists its models with this prefix.
    private const string ResourcePrefix = "models/";

    // Larger than any price or number of tokens, and small enough to be multiplied without overflow.
    private const int Most = 1_000_000_000;

    private readonly JsonObject _blank;

    private ModelCatalog(JsonObject json)
    {
        _blank = json["modelDefaults"]!.AsObject();
        json["models"] = new JsonArray([.. json["models"]!.AsArray().Select(model => WithDefaults(model!.AsObject()))]);
        _data = json.Deserialize(CatalogJson.Default.CatalogData) ?? throw new JsonException("The catalog is null.");
        Tools = [.. _data.Tools.Select(tool => tool.Value with { Name = tool.Key })];
        foreach (ModelInfo model in _data.Models)
        {
            if (model.Grounding.FirstOrDefault(name => FindTool(name) is null) is { } missing)
            {
                throw new JsonException($"{model.Id} has the tool '{missing}', which \"tools\" does not describe.");
            }
        }
        Check(_data);
        Models = [.. _data.Models.Select(model => model with { Pixels = PixelsOf(model).ToArray() })];
    }

    /// <summary>The catalog that comes with the module.</summary>
    public static ModelCatalog BuiltIn => Lazy.Value;

    /// <summary>Every model, retired ones included, in the order of the data.</summary>
    public IReadOnlyList<ModelInfo> Models { get; }

    /// <summary>The tools that models may use, in the order in which they are sent.</summary>
    public IReadOnlyList<ModelTool> Tools { get; }

    /// <summary>Id of the model used when none is named.</summary>
    public string DefaultModel => _data.DefaultModel;

    /// <summary>The day the data was collected.</summary>
    public DateOnly AsOf => _data.AsOf;

    /// <summary>The words that safety settings are made of.</summary>
    public SafetyWords Safety => _data.Safety;

    /// <summary>What a batch call costs, as a share of the live price.</summary>
    public decimal BatchPriceFactor => _data.BatchPriceFactor;

    /// <summary>Overlays the built-in catalog with a JSON file of the same form: models are matched by id, objects
    /// merged, anything else replaced.</summary>
    /// <exception cref="NbException">The file is missing or is not a catalog.</exception>
    public static ModelCatalog Load(string path)
    {
        JsonObject merged = ReadBuiltIn();
        return JsonOverlay.Load(
            path,
            json =>
            {
                JsonOverlay.Apply(merged, json, OverlayModels);
                return new ModelCatalog(merged);
            },
            ModelErrors.CatalogInvalid);
    }

    /// <summary>Finds a model by id, with or without its gemini-, or by alias, ignoring case; null when the catalog has
    /// none.</summary>
    public ModelInfo? Find(string name) =>
        Models.FirstOrDefault(model => Same(model.Id, name))
        // Searched from the end, so that an alias in the user's file takes precedence over a built-in one.
        ?? Models.LastOrDefault(model => model.Aliases.Any(alias => Same(alias, name)))
        // Tables show ids without the common prefix.
        ?? Models.FirstOrDefault(model => Same(model.Id, "gemini-" + name))
        // Names used by other tools and their documentation.
        ?? Models.FirstOrDefault(model => model.OtherNames.Append(model.Name).Any(other => Plain(other) == Plain(name)))
        ?? (name.StartsWith(ResourcePrefix, StringComparison.OrdinalIgnoreCase) ? Find(name[ResourcePrefix.Length..])
        : null);

    /// <summary>The name of a model that a mistyped one may have been meant for; null when none is near.</summary>
    public string? NearestTo(string name)
    {
        string typed = Plain(name);
        // One letter of two is another name.
        return Nearest.To(typed, PlainNames.Select(one => one.Plain), within: Math.Max(1, typed.Length / 6))
            is { } near ? PlainNames.First(one => one.Plain == near).Name : null;
    }

    // Made once, because each item of a plan may ask. A retired model is no advice.
    private (string Name, string Plain)[] PlainNames => field ??=
    [
        .. (from model in Models
            where model.State != "retired"
            from one in model.Aliases.Append(model.Id).Concat(model.OtherNames).Append(model.Name)
            from form in new[] { Plain(one), Plain(one).Replace("gemini", "", StringComparison.Ordinal) }
            select (Name: model.Aliases.Contains(one) ? one : model.Id, Plain: form)).DistinctBy(one => one.Plain),
    ];

    /// <summary>Says that a model is not in the catalog; null for one that is.</summary>
    public string? WarningOf(ModelInfo model) => model.IsKnown ? null
        : $"The catalog does not know the model '{model.Id}'{(NearestTo(model.Id) is { } near ? $" (did you mean {near}?)" : "")}: "
            + "it is asked as it is, unchecked and without a price.";

    /// <summary>Finds a tool by name, ignoring case; null when there is none.</summary>
    public ModelTool? FindTool(string name) => Tools.FirstOrDefault(tool => Same(tool.Name, name));

    /// <summary>Finds a model, or makes an unchecked one for an id that the catalog does not have.</summary>
    /// <param name="name">Id or alias; null for the default model.</param>
    /// <param name="today">The day that decides whether a model is retired.</param>
    /// <exception cref="NbException">The model is retired; the error names its replacement.</exception>
    public ModelInfo Resolve(string? name, DateOnly today)
    {
        string wanted = string.IsNullOrWhiteSpace(name) ? DefaultModel : name.Trim();
        ModelInfo model = Find(wanted)
            ?? Unlisted(wanted.StartsWith(ResourcePrefix, StringComparison.OrdinalIgnoreCase)
            ? wanted[ResourcePrefix.Length..] : wanted);
        return model.IsRetiredOn(today) ? throw ModelErrors.Retired(model) : model;
    }

    /// <summary>The exact pixels of an image; null when the tables do not list it.</summary>
    public PixelSize? PixelsOf(ModelInfo model, string ratio, string size) =>
        model.PixelTable is { } table
        && _data.Pixels.TryGetValue(table, out IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? ratios)
        && ratios.TryGetValue(ratio, out IReadOnlyDictionary<string, string>? sizes)
        && sizes.TryGetValue(size, out string? pixels)
            ? PixelSize.Parse(pixels)
            : null;

    private IEnumerable<ModelPixels> PixelsOf(ModelInfo model) =>
        from ratio in model.Ratios
        from size in model.Sizes
        let pixels = PixelsOf(model, ratio, size)
        where pixels is not null
        let price = model.Prices?.Images.GetValueOrDefault(size)
        select new ModelPixels(ratio, size, pixels.Value, price?.Tokens, price?.Usd);

    // Finds mistakes that would otherwise fail later, far from the file that has them.
    private static void Check(CatalogData data)
    {
        foreach (string pixels in data.Pixels.Values.SelectMany(ratios => ratios.Values)
            .SelectMany(sizes => sizes.Values))
        {
            PixelSize.Parse(pixels);
        }
        Check(data.BatchPriceFactor, "batchPriceFactor");
        foreach (ModelInfo model in data.Models)
        {
            Check(model.InputImageTokens ?? 0, $"inputImageTokens of {model.Id}");
            foreach (int tokens in model.InputTokens.Values.SelectMany(kind => kind.Values))
            {
                Check(tokens, $"inputTokens of {model.Id}");
            }
            Check(model.MaxOutputTokens ?? 0, $"maxOutputTokens of {model.Id}");
            Check(model.FreeSearches?.Count ?? 0, $"freeSearches of {model.Id}");
            Check(model.SearchUsdPerThousand, $"searchUsdPerThousand of {model.Id}");
            foreach ((string name, ModelTier tier) in model.Tiers)
            {
                Check(tier.PriceFactor, $"priceFactor of the tier {name} of {model.Id}");
                Check(tier.TimeoutSeconds ?? 0, $"timeoutSeconds of the tier {name} of {model.Id}");
            }
            foreach (int tokens in model.Thinking.Tokens?.Values ?? [])
            {
                Check(tokens, $"Tokens of thinking of {model.Id}");
            }
            if (model.Prices is not { } prices) continue;
            decimal[] all = [prices.TextInPerMillion, prices.TextOutPerMillion, prices.ImageOutPerMillion,
                .. prices.Images.Values.SelectMany(price => new[] { price.Usd, price.Tokens })];
            foreach (decimal price in all) Check(price, $"A price of {model.Id}");
        }
    }

    private static void Check(decimal number, string what)
    {
        if (number is < 0 or > Most) throw new FormatException($"{what} is not between 0 and {Most}.");
    }

    private ModelInfo Unlisted(string id)
    {
        JsonObject model = WithDefaults(new JsonObject { ["id"] = id, ["name"] = id });
        return model.Deserialize(CatalogJson.Default.ModelInfo)! with { IsKnown = false };
    }

    private JsonObject WithDefaults(JsonObject model)
    {
        JsonObject full = _blank.DeepClone().AsObject();
        JsonOverlay.Apply(full, model);
        return full;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) =>
        string.Concat(name.Where(c => char.IsLetterOrDigit(c) || c == '.')).ToLowerInvariant();

    private static JsonObject ReadBuiltIn() => JsonOverlay.ReadBuiltIn("models.json");

    // Models are matched by id, not replaced as a list.
    private static bool OverlayModels(string name, JsonNode? target, JsonNode? source)
    {
        if (name != "models" || target is not JsonArray models) return false;
        foreach (JsonNode? model in source!.AsArray()) OverlayModel(models, model!.AsObject());
        return true;
    }

    private static void OverlayModel(JsonArray models, JsonObject model)
    {
        string id = model["id"]!.GetValue<string>();
        if (models.FirstOrDefault(known => Same(known!["id"]!.GetValue<string>(), id)) is JsonObject existing)
        {
            JsonOverlay.Apply(existing, model);
        }
        else models.Add(model.DeepClone());
    }
}
