using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Json;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Handles incomplete answers: complete pictures become the answer, anything else is saved in a
/// file.</summary>
internal static class CutAnswer
{
    private const string Warning =
        "The answer could not be read to its end: what had arrived whole is kept. Its cost is an estimate.";

    /// <summary>Whether a body could not be read to its end: it broke off, became unreadable, or the caller stopped
    /// waiting.</summary>
    public static bool IsCut(Exception e) => e is OperationCanceledException
        or NbException { ErrorId: AnswerErrors.TruncatedId } or NbException { Kind: NbErrorKind.ParserError };

    /// <summary>Makes the result of an incomplete answer.</summary>
    /// <param name="cut">How it ended.</param>
    /// <param name="arrived">The part that was read.</param>
    /// <param name="rest">The picture whose part is incomplete; null for none.</param>
    /// <param name="raw">Its bytes, if they are not decoded yet.</param>
    /// <param name="sink">Where bytes go.</param>
    /// <returns>The answer, when a picture was complete; null when nothing had arrived, or when the body is unreadable
    /// from its beginning.</returns>
    /// <exception cref="NbException">No picture was complete: the error names the file with what had
    /// arrived.</exception>
    public static async Task<Answer?> TakeAsync(
        Exception cut, Answer arrived, UnfinishedPicture? rest, RawBody raw, BlobSink sink)
    {
        bool isWhole = rest is { IsWhole: true };
        if (isWhole) arrived = With(arrived, [rest!.Data], sink, rest.IsThought);
        // The whole body is searched for pictures, and saved.
        if (rest is null && !HasPicture(arrived) && cut is NbException { Kind: NbErrorKind.ParserError }) return null;
        byte[]? body = null;
        if (!HasPicture(arrived))
        {
            body = await raw.SoFarAsync().ConfigureAwait(false);
            if (body is not null) arrived = With(arrived, WholeIn(body, sink), sink);
        }
        bool hasPicture = HasPicture(arrived);
        if (rest is not null && !isWhole)
        {
            body = await WrittenAsync(With(hasPicture ? new Answer() : arrived, [rest.Data])).ConfigureAwait(false);
            rest.Delete();
        }
        else if (hasPicture) body = null;
        else if (rest is not null) body ??= await WrittenAsync(arrived).ConfigureAwait(false);
        string? kept = body is { Length: > 0 } ? KeptAnswer.Save(body, sink.AnswersFolder) : null;
        if (hasPicture)
        {
            string more = kept is null ? "" : $" The beginning of another picture is kept in {kept}.";
            return arrived with { Warnings = arrived.Warnings.Add(Warning + more) };
        }
        if (body is not { Length: > 0 }) return null;
        throw AnswerErrors.KeptPart(cut as NbException ?? AnswerErrors.Truncated(cut), kept);
    }

    private static bool HasPicture(Answer answer) => answer.Candidates
        .Any(candidate => candidate.Content?.Parts.Any(IsPicture) == true);

    private static bool IsPicture(Part part) =>
        part is ImagePart { Thought: false } image && AnswerReader.MimeTypeOf(image.Data).Length > 0;

    private static IEnumerable<Blob> WholeIn(byte[] body, BlobSink sink) =>
        PictureFinder.InBody(body, sink).Where(picture => PictureEnd.IsReached(picture, isShortened: true));

    // Added to the last turn, which had not ended. The sink keeps results.
    private static Answer With(
        Answer answer, IEnumerable<Blob> pictures, BlobSink? sink = null, bool isThought = false)
    {
        ImmutableArray<Part> more = [.. pictures.Select(picture =>
            new ImagePart(sink is null || isThought ? picture : sink.Keep(picture), AnswerReader.MimeTypeOf(picture))
            {
                Thought = isThought,
            })];
        if (more.IsEmpty) return answer;
        Candidate last = answer.Candidates.IsEmpty ? new Candidate() : answer.Candidates[^1];
        Turn turn = last.Content ?? new Turn(Turn.Model, []);
        Turn longer = turn with
        {
            Parts = turn.Parts.AddRange(more),
            Steps = turn.Steps.IsEmpty ? [] : turn.Steps.Add(new Step(Step.ModelOutput, more.Length)),
        };
        return answer with { Candidates = [.. answer.Candidates.SkipLast(1), last with { Content = longer }] };
    }

    // Written in the service's form, as if the answer had ended here.
    private static async Task<byte[]> WrittenAsync(Answer answer)
    {
        using var bytes = new MemoryStream();
        RequestBody body = RequestWriter.WriteAnswer(answer.Candidates.Select(one => one.Content).OfType<Turn>());
        await body.WriteToAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        return bytes.ToArray();
    }
}
