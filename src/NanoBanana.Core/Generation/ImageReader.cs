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
        Candidate[] candidates = [.. answer.Candidates.Where(candidate => candidate.Content is not null)];
        ImmutableArray<ImmutableArray<ImagePart>> results =
            AnswerResults.Of([.. candidates.Select(candidate => candidate.Content!)]);
        int count = results.Sum(parts => parts.Length);
        decimal? cost = Pricing.Actual(request.Model, request.Size, answer.Usage, count) * priceFactor;
        if (count == 0)
        {
            Candidate? silent = candidates.FirstOrDefault() ?? answer.Candidates.FirstOrDefault();
            throw GenerationErrors.NoImage(request.Request.Prompt, answer, silent, cost);
        }
        // Usually one candidate has everything; a picture in another one was paid for just so.
        return [.. candidates.Zip(results).Where(one => !one.Second.IsEmpty).SelectMany(one => ImagesOf(request, answer,
            one.First, one.Second, new Provenance
            {
                Prompt = request.Request.Prompt,
                Model = request.Model.Id,
                AspectRatio = request.Call.AspectRatio,
                Size = request.Size,
                Cost = cost,
                Images = count,
                Usage = answer.Usage,
                Grounding = one.First.GroundingMetadata,
                FinishReason = one.First.FinishReason,
                ResponseId = answer.ResponseId,
                KeptFor = answer.KeptFor,
                CreatedAt = arrived,
                RequestHash = request.RequestHash,
            }))];
    }

    private static IEnumerable<NbImage> ImagesOf(PreparedRequest request, Answer answer, Candidate candidate,
        ImmutableArray<ImagePart> results, Provenance provenance)
    {
        Turn turn = candidate.Content! with { Provenance = provenance };
        var conversation = new Conversation(request.Model.Id, request.Call.Contents.Add(turn));
        return results.Select(part =>
        {
            PictureInfo info = PictureInfo.Read(part.Data)!;
            return new NbImage
            {
                Data = part.Data,
                Format = info.Format,
                Width = info.Size?.Width ?? 0,
                Height = info.Size?.Height ?? 0,
                ComposedPrompt = request.Prompt,
                Text = ImageHistory.TextBefore(turn.Parts, part, results),
                References = request.AllReferences,
                Warnings = [.. request.Warnings, .. answer.Warnings, .. WarningsOf(request, turn, part, info)],
                Conversation = conversation,
                Parent = request.Request.Source,
            };
        });
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
