using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Generation;

/// <summary>Finds the images in an answer, or explains why there is none.</summary>
internal static class ImageReader
{
    /// <summary>The images of an answer in the order they came, each with the words before it. Never empty.</summary>
    /// <param name="request">The request as sent.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="arrived">When it arrived.</param>
    /// <param name="answersFolder">Full path of the folder that keeps an answer without an image.</param>
    /// <param name="priceFactor">Share of the live price that is paid: 1, or less for a batch.</param>
    /// <exception cref="NbException">There is no image: the error has the reason, the cost, and the path of the
    /// text.</exception>
    public static ImmutableArray<NbImage> Read(
        PreparedRequest request, Answer answer, DateTimeOffset arrived, string answersFolder, decimal priceFactor = 1)
    {
        if (answer.ModelStatus is { } status && !request.IsRehearsal)
        {
            ModelStatuses.Remember(request.Model.Id, status);
        }
        Candidate[] candidates = [.. answer.Candidates.Where(candidate => candidate.Content is not null)];
        ImmutableArray<ImmutableArray<ImagePart>> results =
            AnswerResults.Of([.. candidates.Select(candidate => candidate.Content!)]);
        int count = results.Sum(parts => parts.Length);
        decimal? cost = Pricing.Actual(request.Model, request.Size, answer.Usage, count,
            BilledSearches(request.Model, answer, arrived, request.IsRehearsal), request.Request.ServiceTier,
            priceFactor);
        if (count == 0)
        {
            return [WithoutImage(request, answer, arrived, answersFolder, cost)];
        }
        // Usually there is one candidate, but pictures in others were paid for too.
        return [.. candidates.Zip(results).Where(one => !one.Second.IsEmpty).SelectMany(one => ImagesOf(request, answer,
            one.First, one.Second, ProvenanceOf(request, answer, one.First, arrived, cost, count)))];
    }

    /// <summary>How many of the answer's searches are billed. They are counted, unless it is a rehearsal.</summary>
    public static int BilledSearches(ModelInfo model, Answer answer, DateTimeOffset arrived, bool isRehearsal)
    {
        int made = SearchesIn(answer);
        return made == 0 || model.FreeSearches is not { } free ? made
            : isRehearsal ? Math.Max(0, made - SearchMeter.Left(free, arrived))
            : SearchMeter.Take(free, made, arrived);
    }

    /// <summary>How many searches an answer reports.</summary>
    private static int SearchesIn(Answer answer) => answer.Candidates.Sum(candidate =>
        candidate.GroundingMetadata is { } raw && Grounding.From(raw) is var found
            ? found.WebQueries.Length + found.ImageQueries.Length : 0);

    // A text answer is saved with its conversation, so that it can be continued. An empty answer is recorded for its
    // cost.
    private static NbText WithoutImage(
        PreparedRequest request, Answer answer, DateTimeOffset arrived, string answersFolder, decimal? cost)
    {
        Candidate? silent = answer.Candidates.FirstOrDefault(c => !string.IsNullOrWhiteSpace(c.Content?.Text))
            ?? answer.Candidates.FirstOrDefault(c => c.Content is not null)
            ?? answer.Candidates.FirstOrDefault();
        NbText? words = silent?.Content is { } turn && !string.IsNullOrWhiteSpace(turn.Text)
            ? WordsOf(request, answer, silent, arrived, cost) : null;
        bool isWelcome = request.Request.AllowText == true && answer.BlockReason is null
            && (silent?.FinishReason is null or "STOP" or "MAX_TOKENS" or "NO_IMAGE");
        if (words is not null && isWelcome) return words;
        string id = answer.ResponseId ?? Provenance.Naming(arrived)!;
        string? kept = words is null ? null : KeptWords.Save(words, answersFolder);
        if (kept is null && cost is not null)
        {
            new RefusedCall
            {
                Prompt = request.Request.Prompt,
                Model = request.Model.Id,
                AnswerId = id,
                At = arrived,
                Reason = answer.BlockReason ?? silent?.FinishReason,
                Cost = cost,
                Estimate = request.EstimatedCost,
                IsRehearsal = request.IsRehearsal,
            }.Save(answersFolder);
        }
        throw GenerationErrors.NoImage(request.Request.Prompt, answer, silent, cost, kept, id);
    }

    private static NbText WordsOf(
        PreparedRequest request, Answer answer, Candidate candidate, DateTimeOffset arrived, decimal? cost)
    {
        Turn turn = candidate.Content! with
        {
            Provenance = ProvenanceOf(request, answer, candidate, arrived, cost, images: 1),
        };
        return NbText.Of(turn.Text.Trim()) with
        {
            ComposedPrompt = request.Prompt,
            References = request.AllReferences,
            Warnings = [.. request.Warnings, .. EndOf(request, answer), .. answer.Warnings],
            Conversation = new Conversation(request.Model.Id, request.Call.Contents.Add(turn)),
            Parent = request.Request.Source,
        };
    }

    private static Provenance ProvenanceOf(PreparedRequest request, Answer answer, Candidate candidate,
        DateTimeOffset arrived, decimal? cost, int images) => new()
    {
        Prompt = request.Request.Prompt,
        Model = request.Model.Id,
        AspectRatio = request.Call.AspectRatio,
        Size = request.Size,
        Cost = cost,
        Images = images,
        Usage = answer.Usage,
        Grounding = candidate.GroundingMetadata,
        FinishReason = candidate.FinishReason,
        ResponseId = answer.ResponseId,
        KeptFor = answer.KeptFor,
        CreatedAt = arrived,
        RequestHash = request.RequestHash,
        IsRehearsal = request.IsRehearsal,
    };

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
                Warnings = [.. request.Warnings, .. EndOf(request, answer), .. answer.Warnings,
                    .. WarningsOf(request, turn, part, info)],
                Conversation = conversation,
                Parent = request.Request.Source,
            };
        });
    }

    private static IEnumerable<string> EndOf(PreparedRequest request, Answer answer) =>
        answer.ModelStatus is { IsEnding: true } status ? [status.ToWarning(request.Model.Id)] : [];

    // The service has a fixed list of ratios, so a picture of another ratio comes back in the nearest one, a few
    // percent off.
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
        // Models that do not think return no signatures.
        bool thinks = request.Model.Thinking is { Always: true } or { Levels.Count: > 0 };
        bool isSigned = turn.Steps.IsEmpty ? part.Signature is not null
            : turn.Steps.Any(step => step.Signature is not null);
        if (thinks && !isSigned)
        {
            yield return "The image came without a thought signature: an edit starts a new conversation from the picture (rebase).";
        }
    }
}
