using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Faults;

/// <summary> The requests that a rule without a path matches: a fault that can only happen to some requests does not
/// count the others. </summary>
internal static partial class FaultScope
{
    /// <summary>Null for a fault that can happen to any request.</summary>
    public static Regex? Of(FaultKind kind) => kind switch
    {
        >= FaultKind.HugeField and <= FaultKind.ModelStatus and not (FaultKind.WrongMimeType or FaultKind.SmallerImage
            or FaultKind.ThoughtsOnly or FaultKind.NoImage or FaultKind.UnknownFinishReason
                or FaultKind.FinishReason) => Generation(),
        FaultKind.SameAnswer or FaultKind.FileDataRefused or FaultKind.LateBadGateway or FaultKind.LateGatewayTimeout =>
            Generation(),
        >= FaultKind.CutAfterCreated and <= FaultKind.BackgroundRefused => Interactions(),
        FaultKind.FilesMissing => Files(),
        FaultKind.FileProcessing or FaultKind.FileFailed or FaultKind.StorageQuota => Upload(),
        >= FaultKind.ResultsWithoutKeys and <= FaultKind.BrokenResult => Batch(),
        >= FaultKind.JudgeRefuses and <= FaultKind.JudgeLowScores => Judge(),
        _ => null,
    };

    [GeneratedRegex("(:generateContent|:streamGenerateContent|/interactions)$", RegexOptions.CultureInvariant)]
    private static partial Regex Generation();

    [GeneratedRegex("/interactions$", RegexOptions.CultureInvariant)]
    private static partial Regex Interactions();

    [GeneratedRegex("^/(upload/|download/)?v[0-9][a-z0-9]*/files(/|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Files();

    [GeneratedRegex("^/upload/", RegexOptions.CultureInvariant)]
    private static partial Regex Upload();

    [GeneratedRegex(":batchGenerateContent$", RegexOptions.CultureInvariant)]
    private static partial Regex Batch();

    [GeneratedRegex("/models/gemini-3\\.(7-flash|5-flash-lite):(generateContent|streamGenerateContent)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Judge();
}
