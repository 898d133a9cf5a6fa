using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>The tokens of one answer.</summary>
internal sealed record AnswerUsage
{
    public int PromptText { get; init; }
    public int PromptImage { get; init; }
    public int PromptVideo { get; init; }
    public int PromptDocument { get; init; }
    public int AnswerText { get; init; }
    public int AnswerImage { get; init; }
    public int Thoughts { get; init; }

    /// <summary>Everything that went in.</summary>
    public int Prompt => PromptText + PromptImage + PromptVideo + PromptDocument;

    /// <summary>About four characters a token.</summary>
    public static int CountText(string? text) => text is null ? 0 : (text.Length + 3) / 4;

    /// <summary>What an answer costs in US dollars: input images are billed as text input, thoughts as text
    /// output.</summary>
    public decimal Cost(ModelPrices prices) =>
        ((Prompt * prices.TextIn)
            + ((AnswerText + Thoughts) * prices.TextOut)
            + (AnswerImage * prices.ImageOut)) / 1_000_000m;

    /// <returns>Null for an answer that does not tell.</returns>
    public WireObject? ToWire(UsageShape shape = UsageShape.Service) => shape switch
    {
        UsageShape.Zero => new() { { "promptTokenCount", 0 }, { "candidatesTokenCount", 0 }, { "totalTokenCount", 0 } },
        UsageShape.Empty => [],
        UsageShape.None => null,
        UsageShape.Unknown =>
            new() { { "input_tokens", Prompt }, { "output_tokens", AnswerText + AnswerImage } },
        _ => AsDocumented(),
    };

    private WireObject AsDocumented()
    {
        WireObject usage = new() { { "promptTokenCount", Prompt } };
        int answer = AnswerText + AnswerImage;
        if (answer > 0) usage.Add("candidatesTokenCount", answer);
        usage.Add("totalTokenCount", Prompt + answer + Thoughts);

        List<WireObject> prompt = [Modality("TEXT", PromptText)];
        if (PromptImage > 0) prompt.Add(Modality("IMAGE", PromptImage));
        if (PromptVideo > 0) prompt.Add(Modality("VIDEO", PromptVideo));
        if (PromptDocument > 0) prompt.Add(Modality("DOCUMENT", PromptDocument));
        usage.Add("promptTokensDetails", prompt);
        if (AnswerImage > 0) usage.Add("candidatesTokensDetails", new[] { Modality("IMAGE", AnswerImage) });
        if (Thoughts > 0) usage.Add("thoughtsTokenCount", Thoughts);
        return usage;
    }

    private static WireObject Modality(string name, int count) =>
        new() { { "modality", name }, { "tokenCount", count } };
}
