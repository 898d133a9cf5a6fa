using System.Globalization;
using System.Text;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>A line of the log: one judging of an existing image.</summary>
/// <param name="At">When it was judged.</param>
/// <param name="Sha256">The image's.</param>
/// <param name="Model">Id of the model that judged.</param>
/// <param name="Cost">USD; null when unknown.</param>
/// <param name="IsRehearsal">Whether the emulator judged: nothing was billed.</param>
internal sealed record JudgingLine(
    DateTimeOffset At, string Sha256, string Model, decimal? Cost, bool IsRehearsal)
{
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("at", At.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("sha256", Sha256);
            writer.WriteString("model", Model);
            if (Cost is { } cost) writer.WriteNumber("cost", cost);
            if (IsRehearsal) writer.WriteBoolean("rehearsal", true);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Null for an incomplete line.</summary>
    public static JudgingLine? TryParse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, StoredJson.Options);
            JsonElement json = document.RootElement;
            return new JudgingLine(StoredJson.Time(json, "at")!.Value, StoredJson.Required(json, "sha256"),
                StoredJson.Required(json, "model"),
                StoredJson.Usd(json, "cost"),
                json.TryGetProperty("rehearsal", out JsonElement rehearsal) && rehearsal.GetBoolean());
        }
        catch (Exception e) when (StoredJson.IsMalformed(e))
        {
            return null;
        }
    }
}
