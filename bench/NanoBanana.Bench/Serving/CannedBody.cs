using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoBanana.Bench.Serving;

/// <summary>What the server says: an answer with an image and a signature, or a file of such answers, one a
/// line.</summary>
internal static partial class CannedBody
{
    private const int MiB = 1024 * 1024;
    private const int LineImage = 4 * MiB + MiB / 2;
    private const int Signature = MiB;

    /// <summary>What the names of answers as events begin with.</summary>
    public const string EventsPrefix = "events-";

    private static int _serial;

    /// <summary>The body for the first segment of a path, such as <c>20m</c>, <c>tiny</c> or <c>jsonl-2000000000</c>;
    /// null when there is none.</summary>
    public static (long Length, IEnumerable<ReadOnlyMemory<byte>> Pieces)? For(string name)
    {
        if (name == "mini") return Whole(Answer(2048, 64));
        if (name == "tiny") return Whole(Answer(64 * 1024, 1024));
        if (Megabytes().Match(name) is { Success: true } size)
        {
            return Whole(Answer(int.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture) * MiB, Signature));
        }
        // The same as the events of the Interactions API.
        if (name == "events-tiny") return Whole(Events(64 * 1024, 1024));
        if (name.StartsWith(EventsPrefix, StringComparison.Ordinal)
            && Megabytes().Match(name[EventsPrefix.Length..]) is { Success: true } streamed)
        {
            return Whole(Events(int.Parse(streamed.Groups[1].Value, CultureInfo.InvariantCulture) * MiB, Signature));
        }
        return Lines().Match(name) is { Success: true } lines
            ? Results(long.Parse(lines.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;
    }

    private static (long, IEnumerable<ReadOnlyMemory<byte>>) Whole(List<ReadOnlyMemory<byte>> pieces) =>
        (pieces.Sum(piece => (long)piece.Length), pieces);

    // Lines until the file is at least so long; none is made before it is sent.
    private static (long, IEnumerable<ReadOnlyMemory<byte>>) Results(long length)
    {
        long line = Line(0).Sum(piece => (long)piece.Length);
        int count = (int)((length + line - 1) / line);
        return (line * count, Enumerable.Range(0, count).SelectMany(Line));
    }

    private static List<ReadOnlyMemory<byte>> Line(int index)
    {
        List<ReadOnlyMemory<byte>> pieces = [Text($$"""{"key":"item-{{index:D6}}","response":""")];
        pieces.AddRange(Answer(LineImage, Signature));
        pieces.Add("}\n"u8.ToArray());
        return pieces;
    }

    private static List<ReadOnlyMemory<byte>> Answer(int image, int signature)
    {
        int serial = Interlocked.Increment(ref _serial);
        List<ReadOnlyMemory<byte>> pieces =
        [
            Text("""{"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":" """.TrimEnd()),
        ];
        CannedText.Add(pieces, image, serial, isImage: true);
        pieces.Add(Text("""
            "},"thoughtSignature":"
            """.Trim()));
        CannedText.Add(pieces, signature, serial, isImage: false);
        pieces.Add(Text("""
            "}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1290,"totalTokenCount":1299},"modelVersion":"canned","responseId":"bench"}
            """.Trim()));
        return pieces;
    }

    private static List<ReadOnlyMemory<byte>> Events(int image, int signature)
    {
        int serial = Interlocked.Increment(ref _serial);
        string id = serial.ToString(CultureInfo.InvariantCulture);
        List<ReadOnlyMemory<byte>> pieces =
        [
            Text("""
                data: {"event_type":"interaction.created","event_id":"0","interaction":{"id":"v1_bench-SERIAL","status":"in_progress"}}

                data: {"event_type":"step.start","event_id":"1","index":0,"step":{"type":"thought"}}

                data: {"event_type":"step.delta","event_id":"2","index":0,"delta":{"type":"thought_signature","signature":"
                """.TrimEnd().Replace("SERIAL", id, StringComparison.Ordinal)),
        ];
        CannedText.Add(pieces, signature, serial, isImage: false);
        pieces.Add(Text("""
            "}}

            data: {"event_type":"step.stop","event_id":"3","index":0}

            data: {"event_type":"step.start","event_id":"4","index":1,"step":{"type":"model_output"}}

            data: {"event_type":"step.delta","event_id":"5","index":1,"delta":{"type":"image","mime_type":"image/png","data":"
            """.TrimEnd()));
        CannedText.Add(pieces, image, serial, isImage: true);
        pieces.Add(Text("""
            "}}

            data: {"event_type":"step.stop","event_id":"6","index":1}

            data: {"event_type":"interaction.completed","event_id":"7","interaction":{"id":"v1_bench-SERIAL","status":"completed","usage":{"total_input_tokens":9,"total_output_tokens":1290,"total_tokens":1299}}}


            """.Replace("SERIAL", id, StringComparison.Ordinal)));
        return pieces;
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    [GeneratedRegex(@"^(\d{1,2})m$")]
    private static partial Regex Megabytes();

    [GeneratedRegex(@"^jsonl-(\d{1,10})$")]
    private static partial Regex Lines();
}
