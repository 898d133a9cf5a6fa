using System.Globalization;
using System.Text.Json.Nodes;
using NanoBanana.Batches;
using NanoBanana.Batches.Plans;

namespace NanoBanana.Cli;

/// <summary>A run for programs: an object for each item, then one for the whole.</summary>
internal static class RunJson
{
    /// <summary>An item that has ended, or whose job was submitted.</summary>
    /// <param name="item">The item.</param>
    /// <param name="words">The words for advice.</param>
    public static JsonObject Of(BatchItem item, WordList words)
    {
        var ended = new JsonObject
        {
            ["at"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["name"] = item.Name,
            ["state"] = item.State.ToString(),
            ["cost"] = item.Cost,
            ["path"] = item.Path,
            ["job"] = item.Job,
        };
        if (item.Error is { } error) ended["error"] = ErrorJson.Of(error, words);
        if (item.Warnings.Length > 0)
        {
            ended["warnings"] = new JsonArray([.. item.Warnings.Select(warning => JsonValue.Create(warning))]);
        }
        return ended;
    }

    /// <summary>The end of the run.</summary>
    /// <param name="summary">The batch in numbers.</param>
    /// <param name="report">Path of the review page; null when there is none.</param>
    /// <param name="exitCode">The code that the process ends with.</param>
    public static JsonObject Of(BatchSummary summary, string? report, int exitCode) => new()
    {
        ["total"] = summary.Total,
        ["made"] = summary.Made,
        ["upToDate"] = summary.UpToDate,
        ["failed"] = summary.Failed,
        ["blocked"] = summary.Blocked,
        ["uncertain"] = summary.Uncertain,
        ["rejected"] = summary.Rejected,
        ["submitted"] = summary.Submitted,
        ["pending"] = summary.Pending,
        ["cost"] = summary.Cost,
        ["seconds"] = Math.Round(summary.Elapsed.TotalSeconds, 1),
        ["report"] = report,
        ["exitCode"] = exitCode,
    };
}
