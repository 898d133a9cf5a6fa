using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>A call that was or may have been billed and gave nothing to save; recorded so that its cost is
/// counted.</summary>
internal sealed record RefusedCall
{
    private const string Key = "refused";

    /// <summary>What was asked for.</summary>
    public required string Prompt { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Identifies the answer, so that it is counted once.</summary>
    public required string AnswerId { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Finish or block reason, or id of the error; null when none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>USD it cost; null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>USD it was expected to cost; null when unknown.</summary>
    public decimal? Estimate { get; init; }

    /// <summary>Whether no answer came: it is then unknown whether it was billed.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Whether the emulator answered, offline.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Records it. If no folder can be written, it is not recorded; its error was reported already.</summary>
    /// <param name="folder">Full path of the folder for answers.</param>
    public void Save(string folder)
    {
        string hash = Blob.HashOf(AnswerId)[..12];
        string name = string.Create(CultureInfo.InvariantCulture, $"{At.UtcDateTime:yyyyMMdd-HHmmss}-{hash}");
        AnswersFolder.TryWrite(folder, name + Sidecar.Extension, Write);
    }

    /// <summary>Reads such a record; null when it is the sidecar of a saved file.</summary>
    public static RefusedCall? Read(JsonElement json)
    {
        if (!json.TryGetProperty(Key, out JsonElement refused)) return null;
        return new RefusedCall
        {
            Prompt = StoredJson.Text(json, "prompt") ?? "",
            Model = StoredJson.Text(json, "model") ?? "",
            AnswerId = StoredJson.Text(json, "responseId") ?? "",
            At = json.GetProperty("createdAt").GetDateTimeOffset(),
            Cost = StoredJson.Usd(json, "cost"),
            Estimate = StoredJson.Usd(refused, "estimate"),
            Reason = StoredJson.Text(refused, "reason"),
            IsUncertain = refused.GetProperty("isUncertain").GetBoolean(),
            IsRehearsal = refused.TryGetProperty("isRehearsal", out JsonElement rehearsal) && rehearsal.GetBoolean(),
        };
    }

    private void Write(Stream stream)
    {
        using Utf8JsonWriter writer = JsonText.WriterOver(stream, StoredJson.Writing);
        writer.WriteStartObject();
        writer.WriteNumber("format", Sidecar.Version);
        writer.WriteStartObject(Key);
        StoredJson.WriteText(writer, "reason", Reason);
        writer.WriteBoolean("isUncertain", IsUncertain);
        if (IsRehearsal) writer.WriteBoolean("isRehearsal", true);
        if (Estimate is { } estimate) writer.WriteNumber("estimate", estimate);
        writer.WriteEndObject();
        StoredJson.WriteText(writer, "prompt", SafeText.Of(Prompt));
        StoredJson.WriteText(writer, "model", Model);
        StoredJson.WriteText(writer, "responseId", AnswerId);
        StoredJson.WriteText(writer, "createdAt", At.ToString("O", CultureInfo.InvariantCulture));
        if (Cost is { } cost) writer.WriteNumber("cost", cost);
        writer.WriteEndObject();
    }
}
