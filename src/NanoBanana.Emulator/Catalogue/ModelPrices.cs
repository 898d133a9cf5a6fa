using NanoBanana.Emulator.Generation;

namespace NanoBanana.Emulator.Catalogue;

/// <summary>Prices in US dollars for a million tokens.</summary>
internal sealed record ModelPrices(decimal TextIn, decimal TextOut, decimal ImageOut)
{
    /// <summary>What an answer costs: input images are billed as text input, thoughts as text output.</summary>
    public decimal Cost(AnswerUsage usage) =>
        (((usage.PromptText + usage.PromptImage) * TextIn)
            + ((usage.AnswerText + usage.Thoughts) * TextOut)
            + (usage.AnswerImage * ImageOut)) / 1_000_000m;
}
