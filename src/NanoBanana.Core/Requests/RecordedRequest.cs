using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>The request that an image was made with, read from what it remembers, to ask it again.</summary>
/// <remarks>Searches, thinking and the resolution of references are not on record; the request's hash is. What gives
/// the same hash is the same request.</remarks>
public static class RecordedRequest
{
    /// <summary>The whole request of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="catalog">Knows what its model can do.</param>
    /// <param name="prepare">Checks a request; nothing is sent.</param>
    /// <exception cref="NbException">It is not wholly on record.</exception>
    public static ImageRequest Of(NbImage image, ModelCatalog catalog, Func<ImageRequest, PreparedRequest> prepare)
    {
        if (image.Prompt is not { } prompt || image.Model is not { } id || image.RequestHash is not { } hash)
        {
            throw RequestErrors.NotRepeatable($"{image}", "it was not made here",
                "To change it: {command:edit}. To draw with it: {way:drawWithPicture}.");
        }
        if (image.Conversation is { Turns.Length: > 2 } || image.ParentSha256 is not null)
        {
            throw RequestErrors.NotRepeatable($"{image}", "it was made by an edit",
                "Edit the picture it was made from ({command:edit}), or say what to draw ({command:generate}).");
        }
        var plain = new ImageRequest
        {
            Prompt = prompt, Model = id, AspectRatio = image.AspectRatio, Size = image.Size,
                References = image.References,
        };
        ModelInfo? model = catalog.Find(id);
        return Settings(plain, model).FirstOrDefault(request => prepare(request).RequestHash == hash)
            ?? throw RequestErrors.NotRepeatable($"{image}",
            "it was made with settings that are not on record, such as a system instruction, a seed or a safety threshold",
                "Say the whole request again: {command:generate} with a prompt, {option:anchor}, {option:reference} and the settings.");
    }

    // Nothing beyond what is on record first; then whatever the model can do. The resolution comes last of all: only
    // few ask for one, and it multiplies the rest.
    private static IEnumerable<ImageRequest> Settings(ImageRequest plain, ModelInfo? model) =>
        from resolution in (IEnumerable<string?>)[null, .. model?.WordsFor("mediaResolution") ?? []]
        from level in (IEnumerable<string?>)[null, .. model?.Thinking.Levels ?? []]
        from grounding in Subsets(model?.Grounding ?? [])
        from thoughts in (bool[])[false, true]
        from alone in (bool[])[false, true]
        select plain with { ThinkingLevel = level, Grounding = grounding, MediaResolution = resolution,
            IncludeThoughts = thoughts, ImageOnly = alone };

    private static IEnumerable<ImmutableArray<string>> Subsets(IReadOnlyList<string> all)
    {
        for (int bits = 0; bits < 1 << all.Count; bits++)
        {
            yield return [.. all.Where((_, at) => (bits >> at & 1) != 0)];
        }
    }
}
