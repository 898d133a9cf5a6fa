using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NanoBanana.Gemini.Http;

/// <summary>The content of an error answer in any form: object, array of one, HTML, empty or incomplete.</summary>
internal sealed partial record ServiceError
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxMessageLength = 2000;

    // google.rpc.Code, 0 to 16, as HTTP: errors inside batch results carry these instead.
    private static readonly int[] HttpOfRpc =
        [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

    private static readonly string[] RpcNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
            "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
            "UNAUTHENTICATED",
    ];

    /// <summary>HTTP status, or the status in the error itself.</summary>
    public int Status { get; init; }

    /// <summary>Such as RESOURCE_EXHAUSTED; null when the body names none.</summary>
    public string? StatusName { get; init; }

    /// <summary>The service's words; null when there are none.</summary>
    public string? Message { get; init; }

    /// <summary>Machine-readable reasons (google.rpc.ErrorInfo), such as API_KEY_INVALID.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The longest wait that the answer asks for, in its details, header or message.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A quota that waiting a little does not refill: per day, or none at all.</summary>
    public bool IsQuotaGone { get; init; }

    /// <summary>Whether the service itself sent the error: its status words are in the body. Other errors may come from
    /// a host on the way.</summary>
    public bool IsOwn { get; init; }

    /// <summary>What kind of body it was.</summary>
    public ErrorShape Shape { get; init; }

    /// <summary>The model the call was for; null when it was for none.</summary>
    public string? Model { get; init; }

    /// <summary>Whether Vertex AI was asked.</summary>
    public bool IsVertex { get; init; }

    /// <summary>A sentence on where the credential came from; null for none.</summary>
    public string? CredentialNote { get; init; }

    /// <summary>Reads an error answer, a bounded piece of it.</summary>
    public static async Task<ServiceError> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            int length = 0;
            try
            {
                Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                await using (body.ConfigureAwait(false))
                {
                    length = await body.ReadAtLeastAsync(
                        buffer.AsMemory(0, MaxBytes), MaxBytes, throwOnEndOfStream: false, cancellationToken)
                        .ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // Ignored: the status is enough, and the text is lost.
            }
            ServiceError error = Parse(buffer.AsSpan(0, length), (int)response.StatusCode);
            return error with { RetryAfter = Longest(error.RetryAfter, RetryAfterHeader(response, time)) };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Parses an error body.</summary>
    public static ServiceError Parse(ReadOnlySpan<byte> body, int status)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        body = body.Trim(" \t\r\n"u8);
        if (body.IsEmpty) return new ServiceError { Status = status };
        if (body[0] is (byte)'{' or (byte)'[' or (byte)'"')
        {
            ServiceError error;
            try
            {
                var reader = new Utf8JsonReader(body);
                error = FromElement(JsonElement.ParseValue(ref reader));
            }
            catch (JsonException)
            {
                error = Fragment(body);
            }
            // An error wrapped in a gateway's answer has the relevant code.
            return error with { Status = error.Status is >= 400 and < 600 ? error.Status : status };
        }
        string text = Encoding.UTF8.GetString(body);
        string? title = HtmlTitle().Match(text) is { Success: true } match ? match.Groups[1].Value : null;
        return new ServiceError
        {
            Status = status,
            Shape = title is not null || text.StartsWith('<') ? ErrorShape.Html : ErrorShape.Text,
            Message = OneLine(title ?? HtmlTag().Replace(text, " ")),
        };
    }

    /// <summary>Reads <c>{"error":{...}}</c>, the inner object alone, an array holding one of them, or the form of a
    /// gateway.</summary>
    public static ServiceError FromElement(JsonElement element) => ErrorUnwrapper.Read(element);

    /// <summary>The message on one line, shortened.</summary>
    internal static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxMessageLength ? line : line[..MaxMessageLength] + "...";
    }

    /// <summary>What can be concluded from the message alone.</summary>
    internal ServiceError WithWords(string words) => this with
    {
        Message = words.Length == 0 ? null : OneLine(words),
        RetryAfter = Longest(RetryAfter,
            Duration(RetryInMessage().Match(words) is { Success: true } match ? match.Groups[1].Value : null)),
        IsQuotaGone = IsQuotaGone || QuotaGoneMessage().IsMatch(words),
    };

    /// <summary>The HTTP status that a code of google.rpc means.</summary>
    internal static int HttpOf(long rpcCode) => rpcCode is > 0 and < 17 ? HttpOfRpc[rpcCode] : 0;

    /// <summary>The HTTP status that a status word of google.rpc means; 0 for any other word.</summary>
    internal static int HttpOf(string? statusName) => HttpOf(Array.IndexOf(RpcNames, statusName));

    internal static TimeSpan? Longest(TimeSpan? one, TimeSpan? other) =>
        one is { } a && other is { } b ? (a > b ? a : b) : one ?? other;

    /// <summary>Reads a duration as protobuf and Go spell it: "37.36s", "200ms", "1h16m0.6s".</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || DurationText().Match(text.Trim()) is not { Success: true } match)
        {
            return null;
        }
        double seconds = 0;
        for (int i = 0; i < match.Groups[1].Captures.Count; i++)
        {
            double number = double.Parse(match.Groups[1].Captures[i].Value, CultureInfo.InvariantCulture);
            seconds += number * match.Groups[2].Captures[i].Value switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                _ => 1e-9,
            };
        }
        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue / 2;
    }

    /// <summary>What can be read from incomplete JSON: the outermost message and status.</summary>
    private static ServiceError Fragment(ReadOnlySpan<byte> body)
    {
        string? message = null;
        string? statusName = null;
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        try
        {
            string? name = null;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName) name = reader.GetString();
                if (reader.TokenType != JsonTokenType.String) continue;
                if (name == "message") message ??= reader.GetString();
                if (name == "status") statusName ??= reader.GetString();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Only what was read before the break can be used.
        }
        return new ServiceError
        {
            Shape = ErrorShape.Json,
            StatusName = statusName,
            IsOwn = message is not null && HttpOf(statusName) != 0,
        }.WithWords(message ?? Encoding.UTF8.GetString(body));
    }

    private static TimeSpan? RetryAfterHeader(HttpResponseMessage response, TimeProvider time)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            // Uses the service's clock if the answer has it, because this machine's clock may be wrong.
            { Date: { } date } => date - (response.Headers.Date ?? time.GetUtcNow()),
            _ => null,
        };
        // A time that is over says nothing: the usual pause holds.
        return wait > TimeSpan.Zero ? wait : null;
    }

    [GeneratedRegex(@"^(?:(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s))+$")]
    private static partial Regex DurationText();

    [GeneratedRegex(@"retry (?:in|after) ((?:\d+(?:\.\d+)?(?:h|ms|m|us|µs|ns|s))+)", RegexOptions.IgnoreCase)]
    private static partial Regex RetryInMessage();

    [GeneratedRegex(@"PerDay|limit:\s*0(?!\.?\d)|prepa(?:id|yment) credits|spending cap", RegexOptions.IgnoreCase)]
    private static partial Regex QuotaGoneMessage();

    [GeneratedRegex(@"<title[^>]*>([^<]*)", RegexOptions.IgnoreCase)]
    private static partial Regex HtmlTitle();

    [GeneratedRegex(@"<(?:script|style)[^>]*>.*?</(?:script|style)>|<[^>]*>",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex HtmlTag();
}
