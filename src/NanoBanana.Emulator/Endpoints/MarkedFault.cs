using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>A fault that the prompt asks for by its name: <c>[[FAULT:dataUrlText]]</c>.</summary>
internal static class MarkedFault
{
    /// <exception cref="ServiceException">There is no such fault.</exception>
    public static FaultRule? In(GenerateRequest request, ModelEntry model)
    {
        if (request.Contents.Count == 0
            || PromptMark.Find(request.Contents[^1].Text) is not { Effect: MarkEffect.Fault } mark)
        {
            return null;
        }
        FaultKind kind = FaultScript.KindOf(mark.Argument) ?? throw ServiceException.InvalidArgument(
            $"The emulator knows no fault \"{mark.Argument}\". Known faults: {string.Join(", ", FaultScript.FaultNames)}.");

        // A judge sees the prompt of the judged picture, whose mark does not apply to the judge.
        bool isJudges = kind is >= FaultKind.JudgeRefuses and <= FaultKind.JudgeLowScores;
        return model.IsText == isJudges ? new FaultRule { Kind = kind } : null;
    }
}
