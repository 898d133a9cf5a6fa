using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>Shortens a long conversation to its last turns.</summary>
/// <remarks>
/// What the model said stays as it came, signatures and all. The first turn that is kept is a person's, whose words are
/// about a picture that is left out; so it is given that picture, and the anchors, as input images, which need no
/// signature.
/// </remarks>
internal static class BoundedHistory
{
    /// <summary>The last turns of the conversation, at most so many, in whole exchanges; empty when not even one
    /// fits.</summary>
    /// <param name="source">The image whose conversation it is.</param>
    /// <param name="most">How many turns may stay.</param>
    /// <param name="composer">Words the first turn again.</param>
    public static ImmutableArray<Turn> Of(NbImage source, int most, PromptComposer composer)
    {
        Conversation conversation = source.Conversation!;
        ImmutableArray<Turn> turns = conversation.Turns;
        if (turns.Length <= most) return turns;
        int first = FirstKept(turns, most);
        if (first >= turns.Length) return [];
        return first == 0 ? turns : [Opening(source, conversation, first, composer), .. turns[(first + 1)..]];
    }

    // A person's turn after a turn with an image: there the picture stands for all that came before.
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
        // The anchors that were sent by then, in the order of every request.
        Reference[] references =
            [.. after.References.Where(reference => reference.Name is not null).OrderBy(reference => reference.Role)];
        Part[] others = [.. turn.Parts.Where(part => part is not TextPart && !IsOneOf(part, references))];
        // The turns that stay have labels of their own.
        int labeled = composer.LastLabel(conversation.Turns[(first + 1)..]);
        string prompt = composer.Compose(after.Prompt ?? turn.Text, references, hasSource: true, labeled + 1);
        return new Turn(Turn.User,
            [new TextPart(prompt), Input(before.ToPicture()),
                .. references.Select(reference => Input(reference.Picture)), .. others]);
    }

    /// <summary>A picture as a part of a user's turn: its address, or its bytes.</summary>
    internal static Part Input(Picture picture) => picture.Address is { } address
        ? new FilePart(address, picture.DeclaredType) : new ImagePart(picture.Data, picture.DeclaredType);

    private static bool IsOneOf(Part part, Reference[] references) =>
        (part is ImagePart image ? image.Data : (part as FilePart)?.Source) is { } data
            ? references.Any(reference => reference.Picture.Sha256 == data.Sha256)
            : part is FilePart file && references.Any(reference => reference.Picture.Address == file.Uri);
}
