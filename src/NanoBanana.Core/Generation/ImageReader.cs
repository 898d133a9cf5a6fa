using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Finds the images in an answer, or says why there is none.</summary>
internal static class ImageReader
{
    /// <summary>The images of an answer in the order they came, each with the words before it. Never empty.</summary>
    /// <param name="request">What was sent.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="arrived">When.</param>
    /// <param name="priceFactor">Share of the live price that is paid: 1, or less for a batch.</param>
    /// <exception cref="NbException">There is no image: the error says why and what it cost.</exception>
    public static ImmutableArray<NbImage> Read(
        PreparedRequest request, Answer answer, DateTimeOffset arrived, decimal priceFactor = 1)
    {
        List<Found> found = ResultsOf(answer);
        int count = found.Sum(one => one.Results.Length);
        decimal? cost = Pricing.Actual(request.Model, request.Size, answer.Usage, count) * priceFactor;
        if (count == 0)
        {
            Candidate? silent = answer.Candidates.FirstOrDefault(c => c.Content is not null)
                ?? answer.Candidates.FirstOrDefault();
            throw GenerationErrors.NoImage(request.Request.Prompt, answer, silent, cost);
        }
        return [.. found.SelectMany(one => ImagesOf(request, answer, one, arrived, cost, cost / count))];
    }

    // Usually one candidate has everything; a picture in another one was paid for just so.
    private static List<Found> ResultsOf(Answer answer)
    {
        var all = answer.Candidates.Where(candidate => candidate.Content is not null)
            .Select(candidate => (Candidate: candidate, Images: Recognized(candidate.Content!.Parts))).ToList();
        List<Found> found =
            [.. all.Select(one =>
            new Found(one.Candidate, one.Images, [.. one.Images.Keys.Where(part => !part.Thought)]))
            .Where(one => one.Results.Length > 0)];
        // Seen: an answer whose only image is marked as a thought. It was paid for.
        if (found.Count == 0 && all.LastOrDefault(one => one.Images.Count > 0) is { Candidate: not null } last)
        {
            found.Add(new Found(last.Candidate, last.Images, [last.Images.Keys.Last()]));
        }
        return found;
    }

    private static IEnumerable<NbImage> ImagesOf(
        PreparedRequest request, Answer answer, Found found, DateTimeOffset arrived, decimal? cost, decimal? share)
    {
        Candidate candidate = found.Candidate;
        Turn turn = candidate.Content! with { Origin = OriginOf(request, answer, candidate, arrived, cost) };
        ImmutableArray<Part> parts = turn.Parts;
        ImmutableArray<Reference> references = request.ContinuesConversation
            ? [.. request.Request.Source!.References.Concat(request.References)
                .DistinctBy(reference => (reference.Role, reference.Name, reference.Picture.Data.Sha256))]
            : request.References;
        var conversation = new Conversation(request.Model.Id, request.Call.Contents.Add(turn));
        return found.Results.Select(part =>
        {
            PictureInfo info = found.Images[part];
            return new NbImage
            {
                Data = part.Data,
                Format = info.Format,
                Width = info.Size?.Width ?? 0,
                Height = info.Size?.Height ?? 0,
                Prompt = request.Request.Prompt,
                ComposedPrompt = request.Prompt,
                Model = request.Model.Id,
                Text = ImageHistory.TextBefore(parts, part, found.Results),
                Thoughts = turn.Thoughts,
                Anchors = [.. references.Select(reference => reference.Name).OfType<string>().Distinct()],
                References = references,
                AspectRatio = request.Call.AspectRatio,
                Size = request.Size,
                Usage = answer.Usage,
                Cost = share,
                Grounding = candidate.GroundingMetadata is { } grounding ? Grounding.From(grounding) : null,
                FinishReason = candidate.FinishReason,
                ResponseId = answer.ResponseId,
                Warnings = [.. request.Warnings, .. answer.Warnings, .. WarningsOf(request, turn, part, info)],
                CreatedAt = arrived,
                Fingerprint = request.Fingerprint,
                Conversation = conversation,
                Parent = request.Request.Source,
            };
        });
    }

    /// <summary>A candidate with its pictures, and those of them that are results.</summary>
    private sealed record Found(Candidate Candidate, Dictionary<ImagePart, PictureInfo> Images, ImagePart[] Results);

    private static TurnOrigin OriginOf(
        PreparedRequest request, Answer answer, Candidate candidate, DateTimeOffset arrived, decimal? cost) => new()
    {
        Prompt = request.Request.Prompt,
        AspectRatio = request.Call.AspectRatio,
        Size = request.Size,
        Cost = cost,
        Usage = answer.Usage,
        FinishReason = candidate.FinishReason,
        ResponseId = answer.ResponseId,
        KeptFor = answer.KeptFor,
        CreatedAt = arrived,
        Fingerprint = request.Fingerprint,
    };

    private static Dictionary<ImagePart, PictureInfo> Recognized(ImmutableArray<Part> parts)
    {
        var images = new Dictionary<ImagePart, PictureInfo>(ReferenceEqualityComparer.Instance);
        foreach (ImagePart part in parts.OfType<ImagePart>())
        {
            if (PictureInfo.Read(part.Data) is { } info) images.Add(part, info);
        }
        return images;
    }

    // The service has some ratios only: a picture of another one comes back as the nearest, within a few percent.
    private static bool IsOtherShape(NbImage source, PixelSize made)
    {
        double change = (double)made.Width / made.Height * source.Height / source.Width;
        return change is > 1.1 or < 1 / 1.1;
    }

    private static IEnumerable<string> WarningsOf(
        PreparedRequest request, Turn turn, ImagePart part, PictureInfo info)
    {
        if (info.Size is null)
        {
            yield return "The image's header does not tell its width and height.";
        }
        else if (request.ExpectedPixels is { } expected && info.Size != expected)
        {
            yield return $"The image is {info.Size}, not the {expected} that was asked for.";
        }
        else if (request.Request is { AspectRatio: null, Source: { Width: > 0, Height: > 0 } source }
            && IsOtherShape(source, info.Size.Value))
        {
            yield return $"The edit is {info.Size}, another shape than its source ({source.Width}x{source.Height}).";
        }
        if (!string.Equals(part.MimeType, info.Format.MimeType, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"The service called the image {part.MimeType}; its bytes are {info.Format.MimeType}.";
        }
        // Models that do not think sign nothing.
        bool thinks = request.Model.Thinking is { Always: true } or { Levels.Count: > 0 };
        bool isSigned = turn.Steps.IsEmpty ? part.Signature is not null
            : turn.Steps.Any(step => step.Signature is not null);
        if (thinks && !isSigned)
        {
            yield return "The image came without a thought signature: an edit starts a new conversation from the picture (rebase).";
        }
    }
}
