using System.Collections.Immutable;
using NanoBanana.Pictures;

namespace NanoBanana.Conversations;

/// <summary>Decides which parts of an answer are its results: parts whose bytes are a picture and that are not
/// thoughts; if no candidate has one, the last thought that is a picture.</summary>
internal static class AnswerResults
{
    /// <summary>The results of each candidate, in order.</summary>
    /// <param name="candidates">The turns of one answer; usually one.</param>
    public static ImmutableArray<ImmutableArray<ImagePart>> Of(IReadOnlyList<Turn> candidates)
    {
        List<ImmutableArray<ImagePart>> pictures =
            [.. candidates.Select(turn => turn.Parts.OfType<ImagePart>().Where(IsPicture).ToImmutableArray())];
        ImmutableArray<ImmutableArray<ImagePart>> results =
            [.. pictures.Select(parts => parts.RemoveAll(part => part.Thought))];
        // Some answers mark their only image as a thought. It was paid for, so it counts as the result.
        int last = pictures.FindLastIndex(parts => !parts.IsEmpty);
        return last < 0 || results.Any(parts => !parts.IsEmpty) ? results
            : results.SetItem(last, [pictures[last][^1]]);
    }

    // The declared type may be wrong, so the bytes decide; if the file is gone, the type does.
    private static bool IsPicture(ImagePart part)
    {
        try
        {
            return PictureFormat.Detect(part.Data.ReadHead(PictureFormat.HeadLength)) is not null;
        }
        catch (NbException)
        {
            return PictureFormat.OfMimeType(part.MimeType) is not null;
        }
    }
}
