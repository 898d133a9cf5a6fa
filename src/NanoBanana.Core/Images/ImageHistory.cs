using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Reads an image's conversation: every earlier image is the end of its own conversation.</summary>
public static class ImageHistory
{
    /// <summary>The turns of an image's conversation, oldest first; none for a foreign image.</summary>
    public static ImmutableArray<HistoryTurn> Of(NbImage image) => image.Conversation is not { } conversation ? [] :
        [.. conversation.Turns.Select((turn, at) => Turn(image, conversation, turn, at))];

    /// <summary>The image of a turn, with the conversation up to it.</summary>
    /// <param name="image">A later image of the conversation, or that one.</param>
    /// <param name="index">The turn's place, from 1.</param>
    /// <exception cref="NbException">There is no such turn, or it has no image of the model's.</exception>
    public static NbImage At(NbImage image, int index)
    {
        if (image.Conversation is not { } conversation) throw ImageErrors.NoConversation(image.ToString());
        int at = index - 1;
        if (at >= 0 && at < conversation.Turns.Length && conversation.Turns[at].Results is { IsEmpty: false } results)
        {
            return at == conversation.Turns.Length - 1 ? image : Tip(image, conversation, at, results[^1], results);
        }
        throw ImageErrors.NoImageAtTurn(index, conversation.Turns.Length,
            conversation.Turns.Select((turn, place) => (turn, place)).Where(pair => !pair.turn.Results.IsEmpty)
                .Select(pair => pair.place + 1));
    }

    /// <summary>The image that an edit started from; null when the conversation does not have it.</summary>
    internal static NbImage? ParentOf(NbImage image)
    {
        if (image.Conversation is not { } conversation) return null;
        for (int at = conversation.Turns.Length - 2; at >= 0; at--)
        {
            ImmutableArray<ImagePart> results = conversation.Turns[at].Results;
            if (results.IsEmpty) continue;
            return Tip(image, conversation, at, results.FirstOrDefault(part => part.Data.Sha256 == image.ParentSha256)
                ?? results[^1], results);
        }
        // An edit that started a new conversation sent the picture as an input.
        return image.ParentSha256 is { } hash
            ? conversation.Turns.SelectMany(Pictures).Where(picture => picture.Data.Sha256 == hash)
                .Select(picture => Foreign(picture.Data, picture.MimeType)).FirstOrDefault()
            : null;
    }

    private static HistoryTurn Turn(NbImage image, Conversation conversation, Turn turn, int at) => new()
    {
        Index = at + 1,
        Role = turn.Role,
        Text = turn.Text,
        Thoughts = turn.Thoughts,
        Images = turn.Role == Conversations.Turn.Model
            ? Tips(image, conversation, turn, at)
            : [.. Pictures(turn).Select(picture => Foreign(picture.Data, picture.MimeType))],
        Signatures = turn.Parts.Count(part => part.Signature is not null)
            + turn.Steps.Count(step => step.Signature is not null),
        Length = turn.Blobs.Sum(blob => blob.Length),
        Model = turn.Provenance?.Model ?? conversation.Model,
        Cost = turn.Provenance?.Cost,
        Usage = turn.Provenance?.Usage,
        CreatedAt = turn.Provenance?.CreatedAt,
    };

    private static ImmutableArray<NbImage> Tips(NbImage image, Conversation conversation, Turn turn, int at)
    {
        ImmutableArray<ImagePart> results = turn.Results;
        return [.. results.Select(part => Tip(image, conversation, at, part, results))];
    }

    private static NbImage Tip(NbImage later, Conversation conversation, int at, ImagePart part,
        ImmutableArray<ImagePart> results)
    {
        if (at == conversation.Turns.Length - 1 && part.Data.Sha256 == later.Sha256) return later;
        Turn turn = conversation.Turns[at];
        Conversation branch = conversation.Take(at + 1);
        HashSet<string> sent = [.. branch.Turns.SelectMany(Pictures).Select(picture => picture.Data.Sha256)];
        ImmutableArray<Reference> references =
            [.. later.References.Where(reference => sent.Contains(reference.Picture.Data.Sha256))];
        if (turn.Provenance is { Images: null } provenance && results.Length > 1)
        {
            // Format 1 does not say how many images share the cost.
            turn = turn with { Provenance = provenance with { Images = results.Length } };
            branch = branch.Take(at).Append(turn);
        }
        return Foreign(part.Data, part.MimeType) with
        {
            Text = TextBefore(turn.Parts, part, results),
            References = references,
            Conversation = branch,
        };
    }

    private static IEnumerable<(Blob Data, string MimeType)> Pictures(Turn turn)
    {
        foreach (Part part in turn.Parts.Where(part => part.Kind == PictureFormat.Image))
        {
            if (part is ImagePart image) yield return (image.Data, image.MimeType);
            if (part is FilePart { Source: { } source } file) yield return (source, file.MimeType);
        }
    }

    // A picture whose file is missing still has its place in the history.
    private static NbImage Foreign(Blob data, string mimeType)
    {
        try
        {
            return NbImage.Foreign(data);
        }
        catch (NbException)
        {
            return new NbImage { Data = data, Format = PictureFormat.OfMimeType(mimeType) ?? PictureFormat.Png };
        }
    }

    /// <summary>The drafts in an image's thoughts. Their cost is part of the image's.</summary>
    internal static ImmutableArray<NbImage> ThoughtImagesOf(NbImage image) => image.Answer is not { } turn ? []
        : [.. turn.Parts.OfType<ImagePart>().Where(part => part.Thought).Except(turn.Results)
            .Select(part => Foreign(part.Data, part.MimeType) with
            {
                Provenance = new Provenance
                {
                    Prompt = image.Prompt, Model = image.Model,
                    IsRehearsal = image.Provenance?.IsRehearsal ?? false,
                },
            })];

    /// <summary>The model's words that belong to an image by its conversation; empty when there is none.</summary>
    internal static string TextOf(NbImage image)
    {
        if (image.Conversation is not { Turns: [.., var turn] }) return "";
        if (image is NbText) return turn.Text.Trim();
        string sha256 = image.RecordedSha256 ?? image.Sha256;
        return turn.Results.FirstOrDefault(part => part.Data.Sha256 == sha256) is { } own
            ? TextBefore(turn.Parts, own, turn.Results) : "";
    }

    /// <summary>The model's words that belong to one of the images of a turn.</summary>
    internal static string TextBefore(
        ImmutableArray<Part> parts, ImagePart image, ImmutableArray<ImagePart> results)
    {
        // With a single result all the model's words belong to it, those after it too.
        IEnumerable<Part> own = results.Length == 1
            ? parts
            : parts.TakeWhile(part => !ReferenceEquals(part, image)).Reverse()
                .TakeWhile(part => part is not ImagePart { Thought: false }).Reverse();
        return string.Concat(own.OfType<TextPart>().Where(part => !part.Thought).Select(part => part.Text)).Trim();
    }
}
