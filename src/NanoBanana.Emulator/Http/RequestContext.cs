using System.Globalization;
using System.Text;
using System.Text.Json;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Http;

/// <summary>One request on its way through the service.</summary>
internal sealed class RequestContext(EmulatorRequest request, JournalEntry entry, IReadOnlyList<FaultRule> rules)
    : IDisposable
{
    private JsonDocument? _document;

    public EmulatorRequest Request { get; } = request;

    public JournalEntry Entry { get; } = entry;

    /// <summary>The rules of the script that match the request, and what its prompt asks for.</summary>
    public IReadOnlyList<FaultRule> Rules { get; private set; } = rules;

    public AnswerFaults Faults => new AnswerFaults { BaseUri = Request.BaseUri }.With(Rules);

    /// <summary>Set once the path is known to be the service's.</summary>
    public ApiPath Path { get; set; } = null!;

    public void Dispose() => _document?.Dispose();

    public FaultRule? Rule(FaultKind kind) => Rules.FirstOrDefault(rule => rule.Kind == kind);

    public void Add(FaultRule rule)
    {
        Rules = [.. Rules, rule];
        Entry.Faults = [.. Entry.Faults, rule.Name];
    }

    /// <summary>The body as JSON; an empty body is an empty message.</summary>
    public async Task<JsonElement> ReadJsonAsync(long limit, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = await ReadBodyAsync(Request, limit, cancellationToken).ConfigureAwait(false);
        Entry.BodyLength = bytes.Length;
        try
        {
            _document = JsonDocument.Parse(bytes.IsEmpty ? "{}"u8.ToArray() : bytes);
            Entry.Body = BodyMasker.Mask(_document.RootElement);
        }
        catch (JsonException e)
        {
            throw ServiceException.InvalidArgument(
                $"Invalid JSON payload received. Unexpected token.\n{Excerpt(bytes.Span, e)}");
        }
        catch (InvalidOperationException)
        {
            // The parser accepts invalid strings; the journal's copy is the first to decode all of them.
            throw ServiceException.InvalidArgument("Invalid JSON payload received. A string is not valid UTF-8.");
        }

        return _document.RootElement;
    }

    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(
        EmulatorRequest request, long limit, CancellationToken cancellationToken)
    {
        long? announced = long.TryParse(
            request.Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length
                : null;
        if (announced > limit) throw TooLarge(limit);

        // Grows with the received bytes only, because announcing 100 MB costs a client nothing.
        byte[] bytes = new byte[Math.Min(announced ?? 16 * 1024, 1024 * 1024)];
        int count = 0;
        while (true)
        {
            if (count == bytes.Length)
            {
                if (count > limit) throw TooLarge(limit);
                Array.Resize(ref bytes, (int)Math.Min(Math.Max(bytes.Length * 2L, 1024), announced ?? limit + 1));
            }

            int read = await request.Body.ReadAsync(bytes.AsMemory(count), cancellationToken).ConfigureAwait(false);
            if (read == 0) return bytes.AsMemory(0, count);
            count += read;
            if (count > limit) throw TooLarge(limit);
            if (count == announced) return bytes.AsMemory(0, count);
        }
    }

    private static ServiceException TooLarge(long limit) =>
        ServiceException.InvalidArgument($"Request payload size exceeds the limit: {limit} bytes.");

    /// <summary>The place of the error with a caret below it.</summary>
    private static string Excerpt(ReadOnlySpan<byte> body, JsonException error)
    {
        ReadOnlySpan<byte> line = body;
        for (long number = error.LineNumber ?? 0; number > 0; number--) line = line[(line.IndexOf((byte)'\n') + 1)..];
        int position = (int)Math.Min(error.BytePositionInLine ?? 0, line.Length);
        int from = Math.Max(0, position - 40);
        int to = Math.Min(line.Length, position + 40);
        string shown = Encoding.UTF8.GetString(line[from..to]).Split('\n')[0].TrimEnd('\r');
        return $"{shown}\n{new string(' ', position - from)}^";
    }
}
