using System.Text.Json.Nodes;
using NanoBanana.Images;

namespace NanoBanana.Cli;

/// <summary>What was found of an image as it was made, for programs.</summary>
internal static class VerdictJson
{
    /// <summary>Whether the image is good enough, and why; null when nobody looked.</summary>
    public static JsonObject? Of(ImageVerdict? verdict) => verdict is null ? null : new JsonObject
    {
        ["isAccepted"] = verdict.IsAccepted,
        ["score"] = verdict.Score,
        ["minimumScore"] = verdict.MinimumScore,
        ["aspects"] = new JsonObject(verdict.Aspects.DistinctBy(aspect => aspect.Name)
            .Select(aspect => KeyValuePair.Create<string, JsonNode?>(aspect.Name, aspect.Score))),
        ["reasons"] = new JsonArray([.. verdict.Reasons.Select(reason => (JsonNode)SafeText.Of(reason))]),
        ["try"] = verdict.Try,
        ["judgeModel"] = verdict.JudgeModel,
        ["cost"] = verdict.Cost,
    };
}
