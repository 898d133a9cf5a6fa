using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Ledgers;

/// <summary>A line of the ledger as bytes: a JSON object whose last field is the checksum of what stands before
/// it.</summary>
internal static class LedgerLine
{
    /// <summary>The version of the form that is written, and the newest that is read.</summary>
    public const int Version = 1;

    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly int SumLength = Sum([]).Length;

    /// <summary>The first line of a ledger.</summary>
    public static byte[] Head(DateTimeOffset now) => Encode(writer =>
    {
        writer.WriteNumber("ledger", Version);
        writer.WriteString("at", Text(now.UtcDateTime));
    });

    public static byte[] Of(LedgerEvent line) => Encode(writer =>
    {
        writer.WriteString("at", Text(line.At.UtcDateTime));
        writer.WriteString("event", NameOf(line.Kind));
        writer.WriteString("item", line.Item);
        WriteText(writer, "key", line.ItemKey);
        WriteText(writer, "fingerprint", line.RequestHash);
        WriteText(writer, "model", line.Model);
        WriteText(writer, "mode", line.Mode?.ToString().ToLowerInvariant());
        if (line.IsRehearsal) writer.WriteBoolean("rehearsal", true);
        WriteText(writer, "edition", line.Edition);
        if (line.IsForced) writer.WriteBoolean("forced", true);
        WriteText(writer, "job", line.Job);
        if (line.Try is { } number) writer.WriteNumber("try", number);
        WriteText(writer, "rule", line.Rule);
        if (line.Estimate is { } estimate) writer.WriteNumber("estimate", estimate);
        if (line.Cost is { } cost) writer.WriteNumber("cost", cost);
        WriteText(writer, "thinking", line.Thinking);
        if (line.Thoughts is { } thoughts) writer.WriteNumber("thoughts", thoughts);
        WriteText(writer, "answer", line.Answer);
        WriteText(writer, "file", line.File);
        WriteText(writer, "sha256", line.Sha256);
        if (line.Length is { } length) writer.WriteNumber("length", length);
        if (line.Modified is { } modified) writer.WriteString("modified", Text(modified));
        WriteText(writer, "errorId", line.ErrorId);
        WriteText(writer, "errorKind", line.ErrorKind?.ToString());
        WriteText(writer, "message", line.Message);
        WriteText(writer, "advice", line.Advice);
    });

    /// <summary>Reads a line without its line break; false when it is torn or was changed.</summary>
    /// <param name="bytes">The line.</param>
    /// <param name="line">The event; null for the first line of a ledger, and for an event of a kind not known
    /// here.</param>
    /// <param name="version">The version that a first line names; 0 for other lines.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out LedgerEvent? line, out int version)
    {
        line = null;
        version = 0;
        if (!IsWhole(bytes.Span)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement json = document.RootElement;
            if (json.TryGetProperty("ledger", out JsonElement ledger)) version = ledger.GetInt32();
            else if (Enum.TryParse(json.GetProperty("event").GetString(), ignoreCase: true, out LedgerEventKind kind))
            {
                line = Read(json, kind);
            }
            return true;
        }
        catch (Exception e) when (StoredJson.IsMalformed(e))
        {
            return false;
        }
    }

    /// <summary>Whether a line is as it was written, by its checksum.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text) =>
        text.Length >= SumLength && text[^SumLength..].SequenceEqual(Sum(text[..^SumLength]));

    private static LedgerEvent Read(JsonElement json, LedgerEventKind kind) => new()
    {
        Kind = kind,
        Item = json.GetProperty("item").GetString() ?? throw new FormatException("A line names no item."),
        At = new DateTimeOffset(TimeOf(json.GetProperty("at"))),
        ItemKey = TextOf(json, "key"),
        RequestHash = TextOf(json, "fingerprint"),
        Model = TextOf(json, "model"),
        Mode = Enum.TryParse(TextOf(json, "mode"), ignoreCase: true, out BatchMode mode) ? mode : null,
        IsRehearsal = json.TryGetProperty("rehearsal", out JsonElement rehearsal) && rehearsal.GetBoolean(),
        Edition = TextOf(json, "edition"),
        IsForced = json.TryGetProperty("forced", out JsonElement forced) && forced.GetBoolean(),
        Job = TextOf(json, "job"),
        Try = json.TryGetProperty("try", out JsonElement number) ? number.GetInt32() : null,
        Rule = TextOf(json, "rule"),
        Estimate = json.TryGetProperty("estimate", out JsonElement estimate) ? estimate.GetDecimal() : null,
        Cost = json.TryGetProperty("cost", out JsonElement cost) ? cost.GetDecimal() : null,
        Thinking = TextOf(json, "thinking"),
        Thoughts = json.TryGetProperty("thoughts", out JsonElement thoughts) ? thoughts.GetInt64() : null,
        Answer = TextOf(json, "answer"),
        File = TextOf(json, "file"),
        Sha256 = TextOf(json, "sha256"),
        Length = json.TryGetProperty("length", out JsonElement length) ? length.GetInt64() : null,
        Modified = json.TryGetProperty("modified", out JsonElement modified) ? TimeOf(modified) : null,
        ErrorId = TextOf(json, "errorId"),
        ErrorKind = Enum.TryParse(TextOf(json, "errorKind"), out NbErrorKind errorKind) ? errorKind : null,
        Message = TextOf(json, "message"),
        Advice = TextOf(json, "advice"),
    };

    private static byte[] Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        // The closing brace moves behind the checksum.
        ReadOnlySpan<byte> body = buffer.WrittenSpan[..^1];
        return [.. body, .. Sum(body), (byte)'\n'];
    }

    private static byte[] Sum(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Encoding.ASCII.GetBytes($",\"sum\":\"{Convert.ToHexString(hash[..4]).ToLowerInvariant()}\"}}");
    }

    private static string NameOf(LedgerEventKind kind) => kind.ToString().ToLowerInvariant();

    private static string Text(DateTime time) => time.ToString(Time, CultureInfo.InvariantCulture);

    private static DateTime TimeOf(JsonElement json) =>
        DateTime.ParseExact(json.GetString()!, Time, CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
