using NanoBanana.Gemini.Json;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NanoBanana.Gemini.Http;

/// <summary>Finds the innermost error inside the wrappers of gateways: objects in messages, JSON in strings, and forms
/// of other services.</summary>
internal static partial class ErrorUnwrapper
{
    private const int MaxDepth = 12;

    private static readonly string[] Words =
        ["message", "msg", "error_description", "errorMessage", "faultstring", "title", "description"];

    private static readonly string[] Codes =
        ["code", "status", "statusCode", "status_code", "http_status", "httpStatus"];

    // Error types of OpenAI and compatible services.
    private static readonly Dictionary<string, int> StatusOfWord = new(StringComparer.OrdinalIgnoreCase)
    {
        ["invalid_api_key"] = 401,
        ["authentication_error"] = 401,
        ["insufficient_quota"] = 429,
        ["rate_limit_exceeded"] = 429,
        ["rate_limit_error"] = 429,
        ["permission_error"] = 403,
        ["model_not_found"] = 404,
        ["not_found_error"] = 404,
        ["invalid_request_error"] = 400,
    };

    /// <summary>Reads an error at any depth.</summary>
    public static ServiceError Read(JsonElement element) => Read(element, 0) with { Shape = ErrorShape.Json };

    private static ServiceError Read(JsonElement element, int depth)
    {
        if (depth > MaxDepth) return new ServiceError();
        return element.ValueKind switch
        {
            JsonValueKind.String => ReadText(element.Text() ?? "", depth),
            JsonValueKind.Array => element.EnumerateArray().Select(item => Read(item, depth + 1))
                .FirstOrDefault(error => error.Message is not null || error.Status != 0) ?? new ServiceError(),
            JsonValueKind.Object => ReadObject(element, depth),
            _ => new ServiceError(),
        };
    }

    private static ServiceError ReadText(string text, int depth)
    {
        if (Embedded(text) is { } json && Read(json, depth + 1) is { } inner
            && (inner.Message is not null || inner.Status != 0))
        {
            return inner;
        }
        return new ServiceError().WithWords(text);
    }

    private static ServiceError ReadObject(JsonElement error, int depth)
    {
        var details = error.ItemsOf("details").ToList();
        string? statusName = error.TextOf("status");
        string? said = Words.Select(name => error.TextOf(name))
            .FirstOrDefault(words => !string.IsNullOrWhiteSpace(words));
        int code = CodeOf(error);
        var own = new ServiceError
        {
            Status = code,
            StatusName = statusName,
            IsOwn = error.Field("code")?.Int64() > 0 && ServiceError.HttpOf(statusName) != 0,
            Reasons = [.. details.Append(error).Select(detail => detail.TextOf("reason")).OfType<string>()],
            RetryAfter = details.Select(detail => ServiceError.Duration(detail.TextOf("retryDelay"))).Max(),
            IsQuotaGone = details.Any(SaysQuotaIsGone),
        };
        own = said is null ? own : Merged(own, ReadText(said, depth));
        foreach (JsonElement carrier in Carriers(error))
        {
            ServiceError inner = Read(carrier, depth + 1);
            // "error": "Bad Gateway" beside a message is only a heading.
            bool isHeading = carrier.ValueKind == JsonValueKind.String && own.Message is not null
                && inner is { Status: 0, IsOwn: false }
                && error.TextOf("error") == carrier.Text();
            own = Merged(own, isHeading ? inner with { Message = null } : inner);
        }
        return own;
    }

    private static IEnumerable<JsonElement> Carriers(JsonElement error)
    {
        foreach (string name in (string[])["errors", "detail", "fault", "error"])
        {
            if (error.Field(name) is { } inner) yield return inner;
        }
        if (error.Field("message") is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } message)
        {
            yield return message;
        }
        if (error.Field("metadata")?.Field("raw") is { } raw) yield return raw;
    }

    private static ServiceError Merged(ServiceError outer, ServiceError inner) => outer with
    {
        Status = inner.Status != 0 ? inner.Status : outer.Status,
        StatusName = inner.StatusName ?? outer.StatusName,
        Message = inner.Message ?? outer.Message,
        IsOwn = outer.IsOwn || inner.IsOwn,
        Reasons = [.. outer.Reasons, .. inner.Reasons],
        RetryAfter = ServiceError.Longest(outer.RetryAfter, inner.RetryAfter),
        IsQuotaGone = outer.IsQuotaGone || inner.IsQuotaGone,
    };

    private static int CodeOf(JsonElement error)
    {
        foreach (string name in Codes)
        {
            if (error.Field(name) is not { } value) continue;
            long? number = value.Int64()
                ?? (long.TryParse(value.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out long parsed)
                ? parsed : null);
            if (number is >= 400 and < 600) return (int)number;
            if (number is { } rpc && ServiceError.HttpOf(rpc) is > 0 and var status) return status;
            if (value.Text() is { } word && ServiceError.HttpOf(word) is > 0 and var known) return known;
        }
        return new[] { error.TextOf("code"), error.TextOf("type") }.OfType<string>()
            .Select(word => StatusOfWord.GetValueOrDefault(word))
            .FirstOrDefault(status => status != 0);
    }

    /// <summary>JSON inside words, such as "Upstream said: {...}", or as a program of Python prints bytes.</summary>
    private static JsonElement? Embedded(string text)
    {
        int at = text.AsSpan().IndexOfAny('{', '[');
        for (int tries = 0; at >= 0 && tries < 4; tries++)
        {
            if (Parsed(text[at..]) is { } json) return json;
            if (Parsed(Escapes()
                .Replace(text[at..], match =>
                match.Value is "\\n" or "\\r" or "\\t" ? " " : match.Value[1..])) is { } escaped)
            {
                return escaped;
            }
            int next = text.AsSpan(at + 1).IndexOfAny('{', '[');
            at = next < 0 ? -1 : at + 1 + next;
        }
        return null;
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            JsonElement json = JsonElement.ParseValue(ref reader);
            // "[ORIGINAL ERROR]" and "{}" carry no information.
            return json.ValueKind == JsonValueKind.Object
                || (json.ValueKind == JsonValueKind.Array
                && json.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object))
                ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool SaysQuotaIsGone(JsonElement detail)
    {
        JsonElement metadata = detail.Field("metadata") ?? default;
        return detail.ItemsOf("violations").Append(metadata).Any(violation =>
            IsPerDay(violation.TextOf("quotaId"))
            || IsPerDay(violation.TextOf("quota_limit"))
            || violation.Field("quotaValue")?.Int64() == 0
            || violation.Field("quota_limit_value")?.Int64() == 0);

        static bool IsPerDay(string? quota) => quota?.Contains("PerDay", StringComparison.OrdinalIgnoreCase) == true;
    }

    [GeneratedRegex(@"\\[nrt""']")]
    private static partial Regex Escapes();
}
