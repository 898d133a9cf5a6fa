using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>Writes an answer as the service does, or framed as a gateway does.</summary>
internal static class AnswerWriter
{
    private const string Json = "application/json; charset=UTF-8";
    private const string EventStream = "text/event-stream";
    private const string Comment = ": keep-alive\n\n";

    /// <summary>One JSON object.</summary>
    public static EmulatorResponse Whole(WireObject body, AnswerFraming framing)
    {
        bool isStream = (framing & (AnswerFraming.Stream | AnswerFraming.Comment)) != 0;
        string before = Before(framing) + (isStream ? "data: " : "");
        return EmulatorResponse.Streamed(
            isStream ? EventStream : Json,
            new WireText(body, indented: !isStream, prefix: before, suffix: isStream ? "\n\n" : "\n"));
    }

    /// <summary>One event for each piece.</summary>
    public static EmulatorResponse Stream(IReadOnlyList<WireObject> pieces, AnswerFraming framing) =>
        EmulatorResponse.Streamed(
        EventStream,
        [.. pieces.Select((piece, index) => new WireText(
            piece, prefix: (index == 0 ? Before(framing) : "") + "data: ", suffix: "\r\n\r\n"))]);

    private static string Before(AnswerFraming framing) =>
        (framing.HasFlag(AnswerFraming.ByteOrderMark) ? "\uFEFF" : "")
        + (framing.HasFlag(AnswerFraming.Guard) ? ")]}'\n" : "")
        + (framing.HasFlag(AnswerFraming.Comment) ? Comment : "");
}
