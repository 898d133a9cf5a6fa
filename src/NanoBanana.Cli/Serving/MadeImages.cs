using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.Cli.Serving;

/// <summary>What came of one request: the images of its best try, and what all tries took.</summary>
/// <param name="Images">At least one.</param>
/// <param name="Outcome">Of all tries.</param>
internal sealed record MadeImages(ImmutableArray<NbImage> Images, Outcome Outcome)
{
    /// <summary>Adds what is known of the tries to what is told of the image.</summary>
    /// <param name="told">Is changed.</param>
    /// <param name="warnings">Those of the request.</param>
    public void AddTo(JsonObject told, IEnumerable<string> warnings)
    {
        told["tries"] = Outcome.TryCount;
        // The image's own cost is that of its try alone.
        told["totalCost"] = Outcome.Cost;
        string[] checks = Outcome.Unchecked is { } failure ? [SafeText.Of(failure.Message)]
            : Outcome.Ending is { } ending ? [SafeText.Of(ending.Message)] : [];
        told["warnings"] = WorkspaceJson.Texts([.. warnings, .. Images[0].Warnings, .. checks]);
    }
}
