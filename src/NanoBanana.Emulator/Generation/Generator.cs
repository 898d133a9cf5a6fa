using System.Globalization;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Judging;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary> The model: turns a request that passed the rules into an answer. The content depends only on the request,
/// not on the clock or on chance, so the same request gives the same picture everywhere. Only the answer's id is
/// unique, because every answer is billed. </summary>
internal sealed class Generator(EmulatorOptions options, LinkedPictures links)
{
    private const int MaxPairs = 8;
    private const string SurplusText = "Lorem ipsum";
    private readonly DrawnCounter _drawn = new();

    public GeneratedAnswer Generate(ModelEntry model, GenerateRequest request, AnswerFaults faults)
    {
        string prompt = request.Contents[^1].Text;
        PromptMark? mark = faults.Mark ?? (model.IsText ? null : PromptMark.Find(prompt));
        if (mark?.Effect == MarkEffect.Error) throw Scripted(mark.Argument);

        if (mark?.Effect is MarkEffect.Fault or MarkEffect.Status) mark = null;
        if (model.IsText) return Judged(model, request, mark, faults);

        GeneratedAnswer answer = new()
        {
            UsageShape = faults.Usage,
            ModelVersion = model.Id,
            ResponseId = NameMaker.Create(20),
            Usage = PromptUsage(model, request),
            ServiceTier = request.ServiceTier,
            ModelStatus = (faults.Status ?? (options.TellsModelStatus ? ModelStatus.Of(model) : null))?.ToWire(model),
        };

        if (mark?.Effect is MarkEffect.Blocked or MarkEffect.NoCandidates)
        {
            answer.HasCandidate = false;
            if (mark.Effect == MarkEffect.Blocked)
            {
                answer.PromptFeedback = Feedback(mark.Argument ?? "PROHIBITED_CONTENT");
            }
            return answer;
        }

        int imageTokens = model.TokensOf(request.ImageSize ?? ModelEntry.DefaultSize);
        EmulatorPicture picture = Compose(model, request, faults);
        AnswerBuilder builder = new(options, links, model, request, picture, faults);
        builder.Think(always: mark?.Effect == MarkEffect.ThoughtsOnly);
        switch (mark?.Effect)
        {
            case null when request.MaxOutputTokens < imageTokens:
                builder.AddText("Here is the picture you asked", signed: true);
                answer.FinishReason = "MAX_TOKENS";
                break;
            case null:
                builder.Answer(pairs: 1);
                break;
            case MarkEffect.Interleaved:
                _ = int.TryParse(mark.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out int pairs);
                builder.Answer(pairs == 0 ? 2 : Math.Min(pairs, MaxPairs));
                break;
            case MarkEffect.EmptyTextSignature:
                builder.Answer(pairs: 1);
                builder.AddText("", signed: true);
                break;
            case MarkEffect.TextOnly:
                builder.AddText("I can describe the picture, but I did not draw it this time.", signed: true);
                break;
            case MarkEffect.MaxTokens:
                builder.AddText("Here is the picture you asked", signed: true);
                answer.FinishReason = "MAX_TOKENS";
                break;
            case MarkEffect.ThoughtsOnly:
                break;
            case MarkEffect.NoParts:
                answer.HasPartsField = false;
                break;
            case MarkEffect.FinishReason:
                answer.FinishReason = mark.Name;
                answer.FinishMessage = PromptMark.FinishMessages.GetValueOrDefault(mark.Name);
                break;
        }

        answer.ImageHashes.AddRange(builder.ImageHashes);
        if (faults.Place is PicturePlace.SecondCandidate or PicturePlace.TwoCandidates && answer.Images > 0)
        {
            AddCandidate(answer, builder, faults.Place,
                new(options, links, model, request, PictureComposer.Varied(picture, 2), faults));
        }
        bool hasContent = mark?.Effect is not (MarkEffect.FinishReason or MarkEffect.NoContent);
        answer.Parts = hasContent ? builder.Parts : null;
        answer.Grounding = hasContent ? Grounding.For(request, prompt, builder.FirstText) : null;
        answer.Usage = answer.Usage with
        {
            AnswerText = builder.TextTokens,
            AnswerImage = answer.Images * imageTokens,
            Thoughts = ThoughtTokens(model, request, picture) + faults.Thoughts,
        };
        return answer;
    }

    private EmulatorPicture Compose(ModelEntry model, GenerateRequest request, AnswerFaults faults)
    {
        EmulatorPicture picture = PictureComposer.Compose(request, options.Drift);
        if (faults.ForgetsReferences) picture = PictureComposer.WithoutReferences(picture);
        if (faults.LeavesLettering)
        {
            picture = picture with
            {
                Lettering = [.. picture.Lettering, .. picture.FormerLettering.Except(picture.Lettering)],
            };
        }
        if (faults.AddsLettering) picture = picture with { Lettering = [.. picture.Lettering, SurplusText] };
        if (faults.Misspells) picture = picture with { Lettering = Lettering.Misspelled(picture.Lettering) };
        return options.IsRepeatable || request.Seed is not null
            ? picture
            : _drawn.Next(picture, model.Id, ImageShape.Pixels(model, request));
    }

    /// <summary>Moves the picture into a second candidate, or adds a second picture there.</summary>
    private static void AddCandidate(GeneratedAnswer answer, AnswerBuilder first, PicturePlace place,
        AnswerBuilder second)
    {
        if (place == PicturePlace.TwoCandidates)
        {
            second.Answer(pairs: 1);
            answer.MoreCandidates.Add(second.Parts);
            answer.ImageHashes.AddRange(second.ImageHashes);
            return;
        }

        answer.MoreCandidates.Add(
            [.. first.Parts.Where(part => part["inlineData"] is not null && part["thought"] is null)]);
        first.Parts.RemoveAll(part => part["inlineData"] is not null && part["thought"] is null);
    }

    private static GeneratedAnswer Judged(ModelEntry model, GenerateRequest request, PromptMark? mark,
        AnswerFaults faults)
    {
        bool refuses = mark?.Effect == MarkEffect.FinishReason;
        string text = JudgeAnswer.Write(request, faults.Judge);
        return new GeneratedAnswer
        {
            ModelVersion = model.Id,
            ResponseId = NameMaker.Create(20),
            UsageShape = faults.Usage,
            Parts = refuses ? null : [new WireObject { { "text", text } }],
            FinishReason = refuses ? mark!.Name : "STOP",
            FinishMessage = refuses ? PromptMark.FinishMessages.GetValueOrDefault(mark!.Name) : null,
            Usage = PromptUsage(model, request) with { AnswerText = refuses ? 0 : AnswerUsage.CountText(text) },
        };
    }

    private static ServiceException Scripted(string? argument)
    {
        int code = int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : 503;
        (string status, string message) = code switch
        {
            400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
            429 => ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
            500 => ("INTERNAL", "An internal error has occurred. Please retry or report in "
                + "https://developers.generativeai.google/guide/troubleshooting"),
            504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
            _ => ("UNAVAILABLE", "The model is overloaded. Please try again later."),
        };
        return new ServiceException(code, status, message);
    }

    private static WireObject Feedback(string reason) => new()
    {
        { "blockReason", reason },
        { "blockReasonMessage", "The prompt could not be submitted. Rephrase the prompt." },
    };

    public static AnswerUsage PromptUsage(ModelEntry model, GenerateRequest request)
    {
        RequestPart[] parts =
            [.. request.Contents.SelectMany(turn => turn.Parts), .. request.SystemInstruction?.Parts ?? []];
        return new AnswerUsage
        {
            PromptText = parts.Sum(part => AnswerUsage.CountText(part.Text)),
            PromptImage = Tokens("image"),
            PromptVideo = Tokens("video"),
            PromptDocument = Tokens("document"),
        };

        int Tokens(string kind) => parts.Select(part => part.Media).OfType<RequestMedia>()
            .Where(media => media.ContentType == kind)
            .Sum(media => model.TokensOf(media, request.MediaResolution));
    }

    private static int ThoughtTokens(ModelEntry model, GenerateRequest request, EmulatorPicture picture)
    {
        if (!model.Thinks) return 0;
        int planning = (request.ThinkingLevel ?? model.DefaultThinkingLevel) switch
        {
            "minimal" => 24,
            "medium" => 180,
            _ => 320,
        };
        return planning + new SplitMix64(picture.Seed).Below(64);
    }
}
