using System.Text;
using System.Text.Json;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Judging;

/// <summary>A text model's answer about the pictures of a request: text, or JSON in the requested form.</summary>
internal static class JudgeAnswer
{
    private static readonly JsonElement DefaultSchema = JsonDocument.Parse(
        """{"type":"object","properties":{"score":{"type":"number"},"reasons":{"type":"array","items":{"type":"string"}}}}""").RootElement;

    public static string Write(GenerateRequest request, JudgeFault fault)
    {
        if (fault == JudgeFault.Refuses) return "I can't help with comparing these pictures.";
        Verdict verdict = VerdictReader.Read(request);
        if (fault == JudgeFault.LowScores) verdict = verdict.Lowered();
        JsonElement? schema = request.ResponseSchema;
        if (schema is null && request.ResponseMimeType != "application/json")
        {
            return string.Join(' ', [verdict.Summary, .. verdict.Problems]);
        }

        JsonElement wanted = schema ?? DefaultSchema;
        object? answer = new SchemaAnswer(wanted, verdict).Answer();
        if (fault == JudgeFault.MissingFields && answer is WireObject { Count: > 0 } fields)
        {
            fields.Remove(wanted.Items("required") is [{ ValueKind: JsonValueKind.String } first, ..]
                ? first.GetString()! : fields[0].Key);
        }
        string json = Encoding.UTF8.GetString(WireText.ToBytes(answer));
        return fault switch
        {
            JudgeFault.BrokenJson => json[..(json.Length / 2)],
            JudgeFault.FencedJson => $"```json\n{json}\n```",
            _ => json,
        };
    }
}
