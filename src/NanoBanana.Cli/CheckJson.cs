using System.Text.Json.Nodes;
using NanoBanana.Judging;

namespace NanoBanana.Cli;

/// <summary>Results of checks as JSON, in the same form for every interface.</summary>
internal static class CheckJson
{
    /// <summary>Converts the result of a check.</summary>
    public static JsonObject Of(ImageCheck check) => new()
    {
        ["path"] = check.Path,
        ["verdict"] = check.Verdict,
        ["isAccepted"] = check.IsAccepted,
        ["score"] = check.Score,
        ["minimumScore"] = check.MinimumScore,
        ["aspects"] = new JsonObject(check.Aspects.DistinctBy(aspect => aspect.Name)
            .Select(aspect => KeyValuePair.Create<string, JsonNode?>(aspect.Name, aspect.Score))),
        ["gates"] = new JsonArray([.. check.Gates.Select(gate => (JsonNode)new JsonObject
        {
            ["name"] = gate.Name,
            ["isPassed"] = gate.IsPassed,
            ["reason"] = gate.Reason,
        })]),
        ["drift"] = check.Drift?.MeanError,
        ["reasons"] = Texts(check.Reasons),
        ["surplus"] = Texts(check.Surplus),
        ["warnings"] = Texts(check.Warnings),
        ["judgeModel"] = check.JudgeModel,
        ["votes"] = check.Votes,
        ["cost"] = check.Cost,
    };

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => (JsonNode)SafeText.Of(text))]);
}
