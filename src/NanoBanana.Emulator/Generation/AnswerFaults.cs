using NanoBanana.Emulator.Faults;

namespace NanoBanana.Emulator.Generation;

/// <summary>The faults of one request that change what the model answers.</summary>
internal sealed record AnswerFaults
{
    public static readonly AnswerFaults None = new();

    public bool SmallerImage { get; init; }
    public bool WrongMimeType { get; init; }
    public bool UnknownFields { get; init; }
    public bool OddOrder { get; init; }

    /// <summary>A mark that counts as if it stood in the prompt.</summary>
    public PromptMark? Mark { get; init; }

    public static AnswerFaults From(IReadOnlyList<FaultRule> rules)
    {
        AnswerFaults faults = None;
        foreach (FaultRule rule in rules)
        {
            faults = rule.Kind switch
            {
                FaultKind.SmallerImage => faults with { SmallerImage = true },
                FaultKind.WrongMimeType => faults with { WrongMimeType = true },
                FaultKind.UnknownFields => faults with { UnknownFields = true },
                FaultKind.OddOrder => faults with { OddOrder = true },
                FaultKind.ThoughtsOnly => faults with { Mark = new PromptMark("THOUGHTS_ONLY", null) },
                FaultKind.NoImage => faults with { Mark = new PromptMark("NO_IMAGE", null) },
                FaultKind.UnknownFinishReason => faults with { Mark = new PromptMark("SOMETHING_NEW", null) },
                FaultKind.FinishReason => faults with { Mark = new PromptMark(rule.Reason ?? "OTHER", null) },
                _ => faults,
            };
        }

        return faults;
    }
}
