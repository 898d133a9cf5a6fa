using System.Globalization;
using System.Text.Json;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Catalogue;

/// <summary>The models the emulator serves: the data file it shares with Core, read by its own reader.</summary>
internal sealed class ModelCatalogue
{
    private readonly Dictionary<string, ModelEntry> _models;

    private ModelCatalogue(IEnumerable<ModelEntry> models)
    {
        All = [.. models];
        All = [.. All, .. TextModels.All.Where(text => All.All(model => model.Id != text.Id))];
        _models = All.ToDictionary(model => model.Id, StringComparer.Ordinal);
    }

    public static ModelCatalogue Default { get; } = LoadEmbedded();

    public IReadOnlyList<ModelEntry> All { get; }

    public ModelEntry? Find(string id) => _models.GetValueOrDefault(id);

    private static ModelCatalogue LoadEmbedded()
    {
        using Stream stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("models.json")
            ?? throw new InvalidOperationException("The catalogue data is not embedded.");
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement tables = document.RootElement.GetProperty("pixels");
        return new ModelCatalogue(document.RootElement.GetProperty("models").EnumerateArray()
            .Select(model => Read(model, tables)));
    }

    private static ModelEntry Read(JsonElement model, JsonElement tables)
    {
        ModelEntry entry = new()
        {
            Id = model.GetProperty("id").GetString()!,
            Name = model.GetProperty("name").GetString()!,
            Retired = model.GetProperty("state").GetString() == "retired",
        };
        if (entry.Retired)
            return entry;
        if (TextModels.All.FirstOrDefault(text => text.Id == entry.Id) is { } known)
            return known;

        JsonElement thinking = model.GetProperty("thinking");
        string[] grounding = Strings(model, "grounding");
        return entry with
        {
            IsDeprecated = model.GetProperty("state").GetString() == "deprecated",
            Shutdown = model.TryGetProperty("retirement", out JsonElement end) && end.TryGetProperty("shutdown", out JsonElement day)
                ? day.GetString()
                : null,
            Inputs = ["image", "text", .. Strings(model, "inputs")],
            Sizes = Strings(model, "sizes"),
            SizeParameter = !model.TryGetProperty("sizeParameter", out JsonElement parameter) || parameter.GetBoolean(),
            Ratios = Strings(model, "ratios"),
            ThinkingLevels = Strings(thinking, "levels"),
            DefaultThinkingLevel = thinking.TryGetProperty("default", out JsonElement level) ? level.GetString() : null,
            AlwaysThinks = thinking.TryGetProperty("always", out JsonElement always) && always.GetBoolean(),
            ReferenceLimit = model.GetProperty("references").GetProperty("total").GetInt32(),
            WebSearch = grounding.Contains("web"),
            ImageSearch = grounding.Contains("image"),
            Returns = model.GetProperty("returns").GetString()!,
            InputImageTokens = model.TryGetProperty("inputImageTokens", out JsonElement tokens) ? tokens.GetInt32() : 258,
            Prices = new ModelPrices(
                model.GetProperty("prices").GetProperty("textInPerMillion").GetDecimal(),
                model.GetProperty("prices").GetProperty("textOutPerMillion").GetDecimal(),
                model.GetProperty("prices").GetProperty("imageOutPerMillion").GetDecimal()),
            ImageTokens = model.GetProperty("prices").GetProperty("images").EnumerateObject()
                .ToDictionary(size => size.Name, size => size.Value.GetProperty("tokens").GetInt32()),
            Pixels = tables.GetProperty(model.GetProperty("pixels").GetString()!).EnumerateObject()
                .ToDictionary(
                    ratio => ratio.Name, IReadOnlyDictionary<string, PixelSize> (ratio) => Sizes(ratio.Value)),
        };
    }

    private static Dictionary<string, PixelSize> Sizes(JsonElement ratio) =>
        ratio.EnumerateObject().ToDictionary(size => size.Name, size =>
        {
            string[] numbers = size.Value.GetString()!.Split('x');
            return new PixelSize(
                int.Parse(numbers[0], CultureInfo.InvariantCulture),
                int.Parse(numbers[1], CultureInfo.InvariantCulture));
        });

    private static string[] Strings(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement list)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : [];
}
