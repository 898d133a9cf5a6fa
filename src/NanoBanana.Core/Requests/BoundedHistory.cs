using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>Shortens a long conversation to its last turns.</summary>
/// <remarks>
/// The model's turns are kept unchanged, with their signatures. The first turn kept is the user's. Its words refer to a
/// picture of an omitted turn, so that picture and the anchors are added to it as input images, which need no
/// signature.
/// </remarks>
internal static class BoundedHistory
{
    /// <summary>The last turns of the conversation, in whole exchanges, at most <paramref name="most"/>; empty when not
    /// even one exchange fits.</summary>
    /// <param name="source">The image whose conversation is shortened.</param>
    /// <param name="most">The largest number of turns to keep.</param>
    /// <param name="composer">Composes the text of the first turn again.</param>
    public static ImmutableArray<Turn> Of(NbImage source, int most, PromptComposer composer)
    {
        Conversation conversation = source.Conversation!;
        ImmutableArray<Turn> turns = conversation.Turns;
        if (turns.Length <= most) return turns;
        int first = FirstKept(turns, most);
        if (first >= turns.Length) return [];
        return first == 0 ? turns : [Opening(source, conversation, first, composer), .. turns[(first + 1)..]];
    }

    // The cut is at a user's turn that follows an image: that image replaces everything before it.
    private static int FirstKept(ImmutableArray<Turn> turns, int most)
    {
        int first = Math.Max(0, turns.Length - most);
        while (first < turns.Length && first > 0
            && (turns[first].Role != Turn.User || turns[first - 1].Results.IsEmpty))
        {
            first++;
        }
        return first;
    }

    private static Turn Opening(NbImage source, Conversation conversation, int first, PromptComposer composer)
    {
        Turn turn = conversation.Turns[first];
        NbImage before = ImageHistory.At(source, first);
        NbImage after = source.Conversation!.Turns[first + 1].Results.IsEmpty ? source
            : ImageHistory.At(source, first + 2);
        // The anchors sent up to the cut, in the order that every request uses.
        Reference[] references =
            [.. after.References.Where(reference => reference.Name is not null).OrderBy(reference => reference.Role)];
        Part[] others = [.. turn.Parts.Where(part => part is not TextPart && !IsOneOf(part, references))];
        // The turns that are kept have their own labels.
        int labeled = composer.LastLabel(conversation.Turns[(first + 1)..]);
        string prompt = composer.Compose(after.Prompt ?? turn.Text, references, hasSource: true, labeled + 1);
        return new Turn(Turn.User,
            [new TextPart(prompt), Input(before.ToPicture()),
                .. references.Select(reference => Input(reference.Picture)), .. others]);
    }

    /// <summary>A picture as a part of a user's turn, by address or as bytes.</summary>
    internal static Part Input(Picture picture) => picture.Address is { } address
        ? new FilePart(address, picture.DeclaredType) : new ImagePart(picture.Data, picture.DeclaredType);

    private static bool IsOneOf(Part part, Reference[] references) =>
        (part is ImagePart image ? image.Data : (part as FilePart)?.Source) is { } data
            ? references.Any(reference => reference.Picture.Sha256 == data.Sha256)
            : part is FilePart file && references.Any(reference => reference.Picture.Address == file.Uri);
}
