using System.Globalization;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Request line and headers of one HTTP/1.1 request.</summary>
internal sealed class HttpHead
{
    private const int MaxLines = 200;

    private HttpHead(string method, string target, bool isHttp10, Dictionary<string, string> headers)
    {
        Method = method;
        Target = target;
        Headers = headers;
        string connection = headers.GetValueOrDefault("Connection", "");
        KeepsAlive = isHttp10
            ? connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase)
            : !connection.Contains("close", StringComparison.OrdinalIgnoreCase);
        IsHttp10 = isHttp10;
        ReadFraming();
    }

    public string Method { get; }

    /// <summary>Path and query as they were sent.</summary>
    public string Target { get; }

    public Dictionary<string, string> Headers { get; }

    public bool KeepsAlive { get; }

    public bool IsHttp10 { get; }

    public bool IsChunked { get; private set; }

    public long ContentLength { get; private set; }

    public bool HasBody => IsChunked || ContentLength > 0;

    public bool ExpectsContinue =>
        Headers.GetValueOrDefault("Expect", "").Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    public static HttpHead Parse(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (lines.Length > MaxLines) throw new BadHttpException(431, "There are too many headers.");
        string[] words = lines[0].Split(' ');
        if (words is not [var method, var target, var version] || !method.All(IsToken) || method.Length == 0)
        {
            throw new BadHttpException(400, "The request line is malformed.");
        }
        if (version is not ("HTTP/1.1" or "HTTP/1.0")) throw new BadHttpException(505, "Only HTTP/1.1 is spoken here.");
        if (Uri.TryCreate(target, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https")
        {
            target = absolute.PathAndQuery;
        }
        if (!target.StartsWith('/') || target.Any(char.IsControl))
        {
            throw new BadHttpException(400, "The request target is malformed.");
        }

        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !line[..colon].All(IsToken) || line.Any(c => char.IsControl(c) && c != '\t'))
            {
                throw new BadHttpException(400, "A header line is malformed.");
            }
            string name = line[..colon];
            string value = line[(colon + 1)..].Trim();
            if (!headers.TryAdd(name, value))
            {
                headers[name] += ", " + value;
            }
        }

        if (version == "HTTP/1.1" && !headers.ContainsKey("Host"))
        {
            throw new BadHttpException(400, "The Host header is missing.");
        }
        return new HttpHead(method, target, version == "HTTP/1.0", headers);
    }

    private void ReadFraming()
    {
        if (Headers.TryGetValue("Transfer-Encoding", out string? encoding))
        {
            if (!encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            {
                throw new BadHttpException(501, "Only the chunked transfer encoding is known here.");
            }
            if (Headers.ContainsKey("Content-Length"))
            {
                throw new BadHttpException(400, "A chunked request cannot have a length.");
            }
            IsChunked = true;
        }
        else if (Headers.TryGetValue("Content-Length", out string? text))
        {
            string[] lengths = text.Split(',', StringSplitOptions.TrimEntries);
            if (lengths.Distinct().Count() > 1) throw new BadHttpException(400, "Two lengths contradict each other.");
            if (!long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            {
                throw new BadHttpException(400, "The length is malformed.");
            }
            ContentLength = length;
        }
    }

    private static bool IsToken(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
