using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Gemini;
using NanoBanana.Images;

namespace NanoBanana.Judging;

/// <summary>Reads one vote from a judge's answer. A missing or wrong field is an error, never a score.</summary>
internal static class VoteReader
{
    public static Judgment Read(JudgeQuestion question, JudgeRules rules, string model, Answer answer)
    {
        string name = question.Image.ToString();
        Candidate? candidate = answer.Candidates.FirstOrDefault(one => one.Content is not null)
            ?? answer.Candidates.FirstOrDefault();
        string said = candidate?.Content?.Text.Trim() ?? "";
        bool isCut = candidate?.FinishReason is { } finish and not ("STOP" or "FINISH_REASON_UNSPECIFIED");
        if (said.Length == 0 || answer.BlockReason is not null || isCut)
        {
            throw JudgeErrors.NoAnswer(name, answer.BlockReason ?? candidate?.FinishReason, said);
        }
        string bare = Unfenced(said);
        // A refusal is text in place of an object.
        if (bare.Length == 0 || bare[0] != '{')
        {
            throw bare.Contains('{', StringComparison.Ordinal) || bare.StartsWith('[')
                ? JudgeErrors.NoJson(name, said) : JudgeErrors.NoAnswer(name, null, said);
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(bare);
            return Read(question, rules, model, document.RootElement, said);
        }
        catch (JsonException e)
        {
            throw JudgeErrors.NoJson(name, said, e);
        }
    }

    private static Judgment Read(JudgeQuestion question, JudgeRules rules, string model, JsonElement json, string said)
    {
        NbException Missing(string field) => JudgeErrors.MissingField(question.Image.ToString(), field, said);

        double Score(JsonElement owner, string field, string path) =>
            owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(field, out JsonElement value)
                && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double score)
                && score is >= 0 and <= 1 ? score : throw Missing(path);

        ImmutableArray<string> Texts(string field) =>
            json.TryGetProperty(field, out JsonElement list) && list.ValueKind == JsonValueKind.Array
                && list.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String)
                ? [.. list.EnumerateArray().Select(text => text.GetString()!.Trim()).Where(text => text.Length > 0)]
                : throw Missing(field);

        var aspects = ImmutableArray.CreateBuilder<AspectScore>();
        foreach (AspectData aspect in rules.Data.Aspects)
        {
            if (!json.TryGetProperty(aspect.Name, out JsonElement value)) throw Missing(aspect.Name);
            double score = Score(value, "score", $"{aspect.Name}.score");
            string reason = value.TryGetProperty("reason", out JsonElement text)
                && text.ValueKind == JsonValueKind.String ? text.GetString()!.Trim() : "";
            if (question.Has(aspect.When)) aspects.Add(new AspectScore(aspect.Name, score, reason));
        }
        return new Judgment
        {
            Score = Score(json, "overall", "overall"),
            Aspects = aspects.ToImmutable(),
            Reasons = Texts("reasons"),
            Lettering = Texts("lettering"),
            // Other forbidden things are ignored: a judge may report more than what was asked about.
            Forbidden = [.. Texts("forbidden")
                .Select(found => question.Forbidden.FirstOrDefault(thing =>
                    string.Equals(thing, found, StringComparison.OrdinalIgnoreCase)))
                .OfType<string>().Distinct()],
            Judge = rules.Id,
            Model = model,
            Votes = 1,
            Cost = null,
        };
    }

    // Some models put JSON into a code block, although JSON alone was asked for.
    private static string Unfenced(string said)
    {
        if (!said.StartsWith("```", StringComparison.Ordinal)) return said;
        int start = said.IndexOf('\n', StringComparison.Ordinal);
        int end = said.LastIndexOf("```", StringComparison.Ordinal);
        return start > 0 && end > start ? said[(start + 1)..end].Trim() : said;
    }
}
