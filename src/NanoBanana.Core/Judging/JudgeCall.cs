using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Pictures;

namespace NanoBanana.Judging;

/// <summary>Builds the request to a judge.</summary>
internal static class JudgeCall
{
    private const int CharactersPerToken = 4;

    public static GenerateCall Of(JudgeQuestion question, JudgeRules rules, ModelInfo model)
    {
        JudgeWords words = rules.Data.Words;
        var parts = ImmutableArray.CreateBuilder<Part>();
        int number = 0;
        foreach (Reference reference in question.References.Concat(question.Logo))
        {
            string what = words.Roles[reference.Role]
                .Replace("{name}", reference.Name ?? "", StringComparison.Ordinal).Trim();
            if (reference.Description is { } description) what = $"{what}, {description}";
            parts.Add(new TextPart(words.Reference
                .Replace("{number}", (++number).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{what}", what, StringComparison.Ordinal)));
            parts.Add(new ImagePart(reference.Picture.Data, reference.Picture.Format.MimeType));
        }
        parts.Add(new TextPart(words.Candidate));
        parts.Add(new ImagePart(question.Image.Data, question.Image.MimeType));
        string?[] tasks =
        [
            question.Prompt is { } prompt ? words.Prompt.Replace("{prompt}", prompt, StringComparison.Ordinal) : null,
            question.Forbidden.IsEmpty ? null : words.Forbidden
                .Replace("{things}", string.Join("; ", question.Forbidden), StringComparison.Ordinal),
            question.Logo.IsEmpty ? null : words.Logo,
            words.Task,
        ];
        parts.Add(new TextPart(string.Join("\n\n", tasks.OfType<string>())));
        return new GenerateCall
        {
            Model = model.Id,
            Contents = [new Turn(Turn.User, parts.ToImmutable())],
            SystemInstruction = words.Instruction,
            ResponseSchema = rules.Data.Schema,
            MaxOutputTokens = rules.Data.MaxOutputTokens,
        };
    }

    /// <summary>USD that one vote is expected to cost.</summary>
    public static decimal? Estimate(int pictures, long characters, JudgeRules rules, ModelInfo model) =>
        model.Prices is { } prices
            ? (((decimal)pictures * rules.Data.ImageTokens + (decimal)characters / CharactersPerToken)
                * prices.TextInPerMillion
                + rules.Data.AnswerTokens * prices.TextOutPerMillion) / 1_000_000m
            : null;
}
