using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Ledgers;

/// <summary>A line of the ledger as bytes: a JSON object whose last field is the checksum of everything before
/// it.</summary>
internal static class LedgerLine
{
    /// <summary>The version that is written, and the newest version that can be read.</summary>
    public const int Version = 1;

    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int SumDigits = 8;

    // The first four bytes of a SHA-256 take the place of the zeros.
    private static ReadOnlySpan<byte> SumForm => ",\"sum\":\"00000000\"}"u8;

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

    /// <summary>Reads a line without its line break; false when it is incomplete or was changed.</summary>
    /// <param name="bytes">The line.</param>
    /// <param name="line">The event; null for the first line of a ledger, and for an event of a kind not known
    /// here.</param>
    /// <param name="version">The version in a first line; 0 for other lines.</param>
    /// <param name="before">The previous event, whose texts are reused; null for none.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LedgerEvent? line, out int version,
        LedgerEvent? before = null)
    {
        line = null;
        version = 0;
        if (!IsWhole(bytes)) return false;
        try
        {
            var fields = new LineFields(bytes);
            if (fields.TryGet("ledger"u8, out Utf8JsonReader ledger)) version = ledger.GetInt32();
            else if (Enum.TryParse(fields.Text("event"u8), ignoreCase: true, out LedgerEventKind kind)
                && Enum.IsDefined(kind))
            {
                line = Read(fields, kind, before);
            }
            return true;
        }
        catch (Exception e) when (StoredJson.IsMalformed(e))
        {
            return false;
        }
    }

    /// <summary>Whether a line is unchanged, by its checksum.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        if (text.Length < SumForm.Length) return false;
        Span<byte> sum = stackalloc byte[SumForm.Length];
        Sum(text[..^sum.Length], sum);
        return text[^sum.Length..].SequenceEqual(sum);
    }

    private static LedgerEvent Read(LineFields fields, LedgerEventKind kind, LedgerEvent? before) => new()
    {
        Kind = kind,
        Item = fields.Text("item"u8, before?.Item) ?? throw new FormatException("A line names no item."),
        At = new DateTimeOffset(TimeOf(fields, "at"u8) ?? throw new FormatException("A line names no time.")),
        ItemKey = fields.Text("key"u8, before?.ItemKey),
        RequestHash = fields.Text("fingerprint"u8, before?.RequestHash),
        Model = fields.Text("model"u8, before?.Model),
        Mode = Enum.TryParse(fields.Text("mode"u8), ignoreCase: true, out BatchMode mode)
            && Enum.IsDefined(mode) ? mode : null,
        IsRehearsal = fields.TryGet("rehearsal"u8, out Utf8JsonReader rehearsal) && rehearsal.GetBoolean(),
        Edition = fields.Text("edition"u8, before?.Edition),
        IsForced = fields.TryGet("forced"u8, out Utf8JsonReader forced) && forced.GetBoolean(),
        Job = fields.Text("job"u8, before?.Job),
        Try = fields.TryGet("try"u8, out Utf8JsonReader number) ? number.GetInt32() : null,
        Rule = fields.Text("rule"u8, before?.Rule),
        Estimate = fields.TryGet("estimate"u8, out Utf8JsonReader estimate)
            ? StoredJson.Usd(estimate.GetDecimal()) : null,
        Cost = fields.TryGet("cost"u8, out Utf8JsonReader cost) ? StoredJson.Usd(cost.GetDecimal()) : null,
        Thinking = fields.Text("thinking"u8, before?.Thinking),
        Thoughts = fields.TryGet("thoughts"u8, out Utf8JsonReader thoughts)
            ? StoredJson.Tokens(thoughts.GetInt64()) : null,
        Answer = fields.Text("answer"u8),
        File = fields.Text("file"u8),
        Sha256 = fields.Text("sha256"u8),
        Length = fields.TryGet("length"u8, out Utf8JsonReader length) ? length.GetInt64() : null,
        Modified = TimeOf(fields, "modified"u8),
        ErrorId = fields.Text("errorId"u8, before?.ErrorId),
        ErrorKind = Enum.TryParse(fields.Text("errorKind"u8), out NbErrorKind errorKind)
            && Enum.IsDefined(errorKind) ? errorKind : null,
        Message = fields.Text("message"u8, before?.Message),
        Advice = fields.Text("advice"u8, before?.Advice),
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
        // The closing brace moves to after the checksum.
        ReadOnlySpan<byte> body = buffer.WrittenSpan[..^1];
        byte[] line = [.. body, .. SumForm, (byte)'\n'];
        Sum(body, line.AsSpan(body.Length));
        return line;
    }

    private static void Sum(ReadOnlySpan<byte> body, Span<byte> sum)
    {
        const string Digits = "0123456789abcdef";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        SumForm.CopyTo(sum);
        for (int i = 0; i < SumDigits; i++)
        {
            int half = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0xF;
            sum[SumForm.Length - 2 - SumDigits + i] = (byte)Digits[half];
        }
    }

    private static string NameOf(LedgerEventKind kind) => kind.ToString().ToLowerInvariant();

    private static string Text(DateTime time) => time.ToString(Time, CultureInfo.InvariantCulture);

    private static DateTime? TimeOf(LineFields fields, ReadOnlySpan<byte> name)
    {
        if (!fields.TryGet(name, out Utf8JsonReader value)) return null;
        return DateTime.ParseExact(value.GetString()!, Time, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }
}
