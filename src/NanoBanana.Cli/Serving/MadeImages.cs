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
    /// <param name="shown">What the client sees of a warning; all of it when left out.</param>
    public void AddTo(JsonObject told, IEnumerable<string> warnings, Func<string, string>? shown = null)
    {
        told["tries"] = Outcome.TryCount;
        // The image's own cost is that of its try alone.
        told["totalCost"] = Outcome.Cost;
        string[] checks = Outcome.Unchecked is { } failure ? [SafeText.Of(failure.Message)]
            : Outcome.Ending is { } ending ? [SafeText.Of(ending.Message)] : [];
        string[] all = [.. warnings, .. Images[0].Warnings, .. checks];
        told["warnings"] = WorkspaceJson.Texts(shown is null ? all : all.Select(shown));
    }
}
