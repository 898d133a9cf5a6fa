using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>A verdict in a sidecar.</summary>
internal static class ImageVerdictJson
{
    public const string Name = "verdict";

    public static void Write(Utf8JsonWriter writer, ImageVerdict? verdict)
    {
        if (verdict is null) return;
        writer.WriteStartObject(Name);
        writer.WriteBoolean("accepted", verdict.IsAccepted);
        if (verdict.Score is { } score) writer.WriteNumber("score", score);
        if (verdict.MinimumScore is { } least) writer.WriteNumber("minimumScore", least);
        if (!verdict.Aspects.IsEmpty)
        {
            writer.WriteStartArray("aspects");
            foreach (AspectScore aspect in verdict.Aspects)
            {
                writer.WriteStartObject();
                writer.WriteString("name", aspect.Name);
                writer.WriteNumber("score", aspect.Score);
                StoredJson.WriteText(writer, "reason", aspect.Reason);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        StoredJson.WriteTexts(writer, "reasons", verdict.Reasons);
        StoredJson.WriteTexts(writer, "failedGates", verdict.FailedGates);
        StoredJson.WriteText(writer, "question", verdict.Question);
        StoredJson.WriteText(writer, "judge", verdict.Judge);
        StoredJson.WriteText(writer, "judgeModel", verdict.JudgeModel);
        if (verdict.Votes > 0) writer.WriteNumber("votes", verdict.Votes);
        if (verdict.Cost is { } cost) writer.WriteNumber("cost", cost);
        if (verdict.IsRehearsal) writer.WriteBoolean("rehearsal", true);
        writer.WriteNumber("try", verdict.Try);
        writer.WriteEndObject();
    }

    /// <summary>The verdict in a sidecar; null when it has none.</summary>
    public static ImageVerdict? Read(JsonElement sidecar)
    {
        if (!sidecar.TryGetProperty(Name, out JsonElement json)) return null;
        double? Number(string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
        return new ImageVerdict
        {
            IsAccepted = json.GetProperty("accepted").GetBoolean(),
            Score = Number("score"),
            MinimumScore = Number("minimumScore"),
            Aspects = json.TryGetProperty("aspects", out JsonElement aspects)
                ? [.. aspects.EnumerateArray().Select(aspect => new AspectScore(
                    aspect.GetProperty("name").GetString() ?? "", aspect.GetProperty("score").GetDouble(),
                    StoredJson.Text(aspect, "reason") ?? ""))]
                : [],
            Reasons = [.. StoredJson.Texts(json, "reasons")],
            FailedGates = [.. StoredJson.Texts(json, "failedGates")],
            Question = StoredJson.Text(json, "question"),
            Judge = StoredJson.Text(json, "judge"),
            JudgeModel = StoredJson.Text(json, "judgeModel"),
            Votes = json.TryGetProperty("votes", out JsonElement votes) ? votes.GetInt32() : 0,
            Cost = StoredJson.Usd(json, "cost"),
            IsRehearsal = json.TryGetProperty("rehearsal", out JsonElement rehearsal) && rehearsal.GetBoolean(),
            Try = json.TryGetProperty("try", out JsonElement number) ? number.GetInt32() : 1,
        };
    }
}
