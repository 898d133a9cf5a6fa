using System.Globalization;
using System.Text.Json;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Catalog;

/// <summary>The models the emulator serves: the data file it shares with Core, read by its own reader.</summary>
internal sealed class ModelCatalog
{
    private readonly Dictionary<string, ModelEntry> _models;

    private ModelCatalog(IEnumerable<ModelEntry> models)
    {
        All = [.. models];
        All = [.. All, .. TextModels.All.Where(text => All.All(model => model.Id != text.Id))];
        _models = All.ToDictionary(model => model.Id, StringComparer.Ordinal);
    }

    public static ModelCatalog Default { get; } = Read(BuiltIn());

    public IReadOnlyList<ModelEntry> All { get; }

    public ModelEntry? Find(string id) => _models.GetValueOrDefault(id);

    /// <summary>The built-in models, overridden and extended by a user's file in the same form.</summary>
    /// <exception cref="FormatException">The file is not a catalog; the message says why.</exception>
    public static ModelCatalog Load(string? path)
    {
        if (path is null) return Default;
        try
        {
            return Read(CatalogOverlay.Merge(BuiltIn(), File.ReadAllText(path)));
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException($"{path} is not a catalog of models: {e.Message}", e);
        }
    }

    private static string BuiltIn()
    {
        using Stream stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream("models.json")
            ?? throw new InvalidOperationException("The catalog data is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private static ModelCatalog Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement tables = document.RootElement.GetProperty("pixels");
        JsonElement usualTokens = Child(Child(document.RootElement, "modelDefaults"), "inputTokens");
        return new ModelCatalog([.. document.RootElement.GetProperty("models").EnumerateArray()
            .Select(model => Read(model, tables, usualTokens, Child(document.RootElement, "tools")))]);
    }

    private static ModelEntry Read(JsonElement model, JsonElement tables, JsonElement usualTokens, JsonElement tools)
    {
        string id = model.GetProperty("id").GetString()!;
        string? state = Text(model, "state");
        ModelEntry entry = new() { Id = id, Name = Text(model, "name") ?? id, Retired = state == "retired" };
        if (entry.Retired) return entry;
        if (TextModels.All.FirstOrDefault(text => text.Id == entry.Id) is { } known) return known;

        JsonElement thinking = Child(model, "thinking");
        JsonElement prices = Child(model, "prices");
        string[] grounding = Strings(model, "grounding");
        return entry with
        {
            IsDeprecated = state == "deprecated",
            Shutdown = Text(Child(model, "retirement"), "shutdown"),
            Inputs = ["image", "text", .. Strings(model, "inputs")],
            Sizes = Strings(model, "sizes"),
            SizeParameter = Flag(model, "sizeParameter") ?? true,
            Ratios = Strings(model, "ratios"),
            ThinkingLevels = Strings(thinking, "levels"),
            DefaultThinkingLevel = Text(thinking, "default"),
            AlwaysThinks = Flag(thinking, "always") ?? false,
            ReferenceLimit = (int?)Number(Child(model, "references"), "total") ?? 14,
            Tools = grounding.SelectMany(name => Kinds(Child(Child(tools, name), "wire"))).ToHashSet(),
            WebSearch = grounding.Contains("web"),
            ImageSearch = grounding.Contains("image"),
            Returns = Text(model, "returns") ?? "image/jpeg",
            InputImageTokens = (int?)Number(model, "inputImageTokens"),
            InputTokens = Tokens(Child(model, "inputTokens") is { ValueKind: JsonValueKind.Object } own
                ? own : usualTokens),
            Prices = new ModelPrices(
                Number(prices, "textInPerMillion") ?? 0, Number(prices, "textOutPerMillion")
                    ?? 0, Number(prices, "imageOutPerMillion") ?? 0),
            ImageTokens = Child(prices, "images") is { ValueKind: JsonValueKind.Object } images
                ? images.EnumerateObject().Where(size => Number(size.Value, "tokens") is not null)
                    .ToDictionary(size => size.Name, size => (int)Number(size.Value, "tokens")!.Value)
                : [],
            Pixels = Text(model, "pixels") is { } table
                && Child(tables, table) is { ValueKind: JsonValueKind.Object } ratios
                ? ratios.EnumerateObject().ToDictionary(
                    ratio => ratio.Name, IReadOnlyDictionary<string, PixelSize> (ratio) => Sizes(ratio.Value))
                : [],
        };
    }

    private static Dictionary<string, IReadOnlyDictionary<string, int>> Tokens(JsonElement kinds) =>
        kinds.ValueKind != JsonValueKind.Object ? [] : kinds.EnumerateObject().ToDictionary(
            kind => kind.Name, IReadOnlyDictionary<string, int> (kind) => kind.Value.EnumerateObject()
                .ToDictionary(level => level.Name, level => level.Value.GetInt32()));

    // generateContent has a field for each kind of tool, the Interactions API a type.
    private static IEnumerable<string> Kinds(JsonElement wire)
    {
        if (Text(Child(wire, "interactions"), "type") is { } type) yield return type;
        if (Child(wire, "generateContent") is not { ValueKind: JsonValueKind.Object } fields) yield break;
        foreach (JsonProperty field in fields.EnumerateObject()) yield return RequestSchema.SnakeCase(field.Name);
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
            && parent.TryGetProperty(name, out JsonElement child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static decimal? Number(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;

    private static bool? Flag(JsonElement parent, string name) => Child(parent, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Dictionary<string, PixelSize> Sizes(JsonElement ratio) =>
        ratio.EnumerateObject().ToDictionary(size => size.Name, size =>
        {
            string[] numbers = size.Value.GetString()!.Split('x');
            return new PixelSize(
                int.Parse(numbers[0], CultureInfo.InvariantCulture),
                int.Parse(numbers[1], CultureInfo.InvariantCulture));
        });

    private static string[] Strings(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : [];
}
