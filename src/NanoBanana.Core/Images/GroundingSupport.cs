using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Images;

/// <summary>A part of an answer, and the sources that support it.</summary>
/// <param name="Text">The words; empty when the service did not repeat them.</param>
/// <param name="Sources">Pages and images.</param>
public sealed record GroundingSupport(string Text, ImmutableArray<GroundingSource> Sources)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Text} ({string.Join(", ", Sources.Select(source => source.Page))})";

    internal static IEnumerable<GroundingSupport> AllOf(JsonElement raw)
    {
        GroundingSource?[] chunks = [.. raw.ItemsOf("groundingChunks").Select(GroundingSource.From)];
        return raw.ItemsOf("groundingSupports").Select(support => new GroundingSupport(
            support.Field("segment")?.TextOf("text") ?? "",
            [.. support.ItemsOf("groundingChunkIndices").Select(index => index.Int64())
                .Where(index => index >= 0 && index < chunks.Length).Select(index => chunks[index!.Value])
                .OfType<GroundingSource>()]));
    }
}
