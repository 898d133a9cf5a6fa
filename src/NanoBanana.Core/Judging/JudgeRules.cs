using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>How pictures are judged, as data (judge.json): the models and their prices, the prompts, and the schema of
/// the answer. A user's file may override it.</summary>
public sealed class JudgeRules
{
    private static readonly Lazy<JudgeRules> Lazy = new(() => new JudgeRules(JsonOverlay.ReadBuiltIn("judge.json")));

    private JudgeRules(JsonObject json)
    {
        Data = json.Deserialize(JudgeJson.Default.JudgeData) ?? throw new JsonException("The judge is null.");
    }

    /// <summary>The rules that come with the module.</summary>
    public static JudgeRules BuiltIn => Lazy.Value;

    /// <summary>The name of these rules, which is part of every result. A file that changes the rules should change the
    /// name too.</summary>
    public string Id => Data.Id;

    /// <summary>Id of the model that judges when none is named.</summary>
    public string DefaultModel => Data.DefaultModel;

    /// <summary>Ids of the models that judge.</summary>
    public ImmutableArray<string> Models => [.. Data.Models.Select(model => model.Id)];

    /// <summary>The lowest accepted score when no other is given, 0 to 1.</summary>
    public double MinimumScore => Data.MinimumScore;

    /// <summary>The text after the prompt of a new try; {reasons} stands for why the last try was rejected.</summary>
    public string RetryWords => Data.Words.Retry;

    internal JudgeData Data { get; }

    /// <summary>Overlays the built-in rules with a JSON file of the same form: what the file omits stays, and its
    /// models are added to the built-in ones.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">The file is missing or has another form (Nb.Judge.DataInvalid).</exception>
    public static JudgeRules Load(string path) => JsonOverlay.Load(
        path,
        json =>
        {
            JsonObject merged = JsonOverlay.ReadBuiltIn("judge.json");
            foreach ((string name, _) in json)
            {
                if (!merged.ContainsKey(name))
                {
                    throw new JsonException($"There is no \"{name}\". {JudgeErrors.DidYouMean(name, merged.Select(p => p.Key))}");
                }
            }
            JsonOverlay.Apply(merged, json, AddModels);
            // Changed rules need another name, so that results can be told apart.
            if (json["id"] is null) merged["id"] = $"{merged["id"]}+{Path.GetFileNameWithoutExtension(path)}";
            return new JudgeRules(merged);
        },
        JudgeErrors.DataInvalid);

    /// <summary>Finds a judging model by name.</summary>
    /// <param name="name">Id or alias; null for the default.</param>
    /// <param name="catalog">The catalog, which may have prices of the user.</param>
    /// <exception cref="NbException">No model of that name judges (Nb.Judge.UnknownModel).</exception>
    public ModelInfo Resolve(string? name, ModelCatalog catalog)
    {
        string wanted = string.IsNullOrWhiteSpace(name) ? DefaultModel : name.Trim();
        if (wanted.StartsWith("models/", StringComparison.OrdinalIgnoreCase)) wanted = wanted["models/".Length..];
        JudgeModelData known = Data.Models.LastOrDefault(model => Same(model.Id, wanted)
            || model.Aliases.Any(alias => Same(alias, wanted)) || Same(model.Id, "gemini-" + wanted))
            ?? throw JudgeErrors.UnknownModel(wanted, Models, isDrawer: catalog.Find(wanted) is { Sizes.Count: > 0 });
        ModelInfo bare = catalog.Find(known.Id) ?? catalog.Resolve(known.Id, DateOnly.MinValue);
        return bare with
        {
            Name = known.Name ?? bare.Name,
            InputImageTokens = Data.ImageTokens,
            MaxOutputTokens = Data.MaxOutputTokens,
            Prices = bare.Prices ?? new ModelPrices
            {
                TextInPerMillion = known.Prices.TextInPerMillion,
                TextOutPerMillion = known.Prices.TextOutPerMillion,
                Images = new Dictionary<string, ImagePrice>(),
            },
        };
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static bool AddModels(string name, JsonNode? target, JsonNode? source)
    {
        if (name != "models" || target is not JsonArray models || source is not JsonArray more) return false;
        foreach (JsonNode? model in more) models.Add(model!.DeepClone());
        return true;
    }
}
