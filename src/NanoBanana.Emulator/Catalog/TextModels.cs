namespace NanoBanana.Emulator.Catalog;

/// <summary> Models that read pictures and answer in text. They make no images, so the data of image models does not
/// contain them. Their prices are assumptions. </summary>
internal static class TextModels
{
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        Create("gemini-3.7-flash", "Gemini 3.7 Flash", new ModelPrices(0.5m, 3m, 0)),
        Create("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", new ModelPrices(0.1m, 0.4m, 0)),
    ];

    private static ModelEntry Create(string id, string name, ModelPrices prices) => new()
    {
        Id = id,
        Name = name,
        IsText = true,
        ReferenceLimit = 3000,
        ThinkingLevels = ["minimal", "low", "medium", "high"],
        DefaultThinkingLevel = "minimal",
        Inputs = ["image", "text", "video", "document", "audio"],
        WebSearch = true,
        InputImageTokens = 1120,
        InputTokens = new Dictionary<string, IReadOnlyDictionary<string, int>>
        {
            ["image"] = new Dictionary<string, int> { ["default"] = 1120 },
            ["video"] = new Dictionary<string, int> { ["default"] = 70 },
            ["document"] = new Dictionary<string, int> { ["default"] = 560 },
        },
        Prices = prices,
    };
}
