using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>The request that an image was made with, rebuilt from its record so that it can be sent again.</summary>
/// <remarks>Tools, thinking and the resolution of references are not recorded, but the request hash is: candidates are
/// tried until one has the same hash.</remarks>
public static class RecordedRequest
{
    /// <summary>The whole request of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="catalog">The catalog that describes its model.</param>
    /// <param name="prepare">Checks a request; nothing is sent.</param>
    /// <exception cref="NbException">The record is incomplete.</exception>
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

    // Try the recorded settings alone first, then those the model can have. The resolution is tried last: it is rarely
    // set, and it multiplies the number of candidates.
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
