using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Storage;

/// <summary>Fields of the JSON files this module writes itself (sidecars, anchors, uploads). A field of the wrong type
/// is an error, an absent one is not.</summary>
internal static class StoredJson
{
    // Far more than any call costs, and a quadrillion of them can be added up.
    private const decimal MostUsd = 1_000_000_000_000;
    private const long MostTokens = 1_000_000_000_000;

    /// <summary>As deep as the writer allows, because the service's JSON is stored unchanged.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 1000 };

    /// <summary>Options for files that people may read too.</summary>
    public static JsonWriterOptions Writing { get; } =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the hash and length of a blob into the open object.</summary>
    public static void WriteBlob(Utf8JsonWriter writer, Blob blob)
    {
        writer.WriteString("sha256", blob.Sha256);
        writer.WriteNumber("length", blob.Length);
    }

    /// <summary>Writes a text field unless it is empty.</summary>
    public static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) JsonText.Write(writer, name, text);
    }

    /// <summary>Writes a list of texts unless it is empty.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (string text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Whether an exception of reading JSON means that it does not have the expected form.</summary>
    public static bool IsMalformed(Exception e) =>
        e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
        or OverflowException or ArgumentException or NotSupportedException or NullReferenceException
            or IndexOutOfRangeException;

    /// <summary>A text field, or null.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    /// <summary>A required text field.</summary>
    /// <exception cref="KeyNotFoundException">It is absent.</exception>
    /// <exception cref="FormatException">It is null.</exception>
    public static string Required(JsonElement json, string name) => json.GetProperty(name).GetString()
        ?? throw new FormatException($"'{name}' is null.");

    /// <summary>An amount of money, or null when it is absent; see <see cref="Usd(decimal)"/>.</summary>
    public static decimal? Usd(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement usd) ? Usd(usd.GetDecimal()) : null;

    /// <summary>An amount of money that was read, within what a call can cost. A folder may come from anybody: amounts
    /// are added up, which must not overflow, and one below 0 would raise a budget.</summary>
    public static decimal Usd(decimal read) => Math.Clamp(read, 0, MostUsd);

    /// <summary>A number of tokens, or null when it is absent; see <see cref="Tokens(long)"/>.</summary>
    public static long? Tokens(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement tokens) ? Tokens(tokens.GetInt64()) : null;

    /// <summary>A number of tokens that was read, from 0 to as many as can be added up and priced.</summary>
    public static long Tokens(long read) => Math.Clamp(read, 0, MostTokens);

    /// <summary>A list of texts; empty when it is absent.</summary>
    public static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement texts) ? texts.EnumerateArray().Select(text => text.GetString())
            .OfType<string>() : [];

    /// <summary>A field with a point in time (round-trip format "O"), or null.</summary>
    public static DateTimeOffset? Time(JsonElement json, string name) => Text(json, name) is { } time
        ? DateTimeOffset.ParseExact(time, "O", CultureInfo.InvariantCulture)
        : null;
}
