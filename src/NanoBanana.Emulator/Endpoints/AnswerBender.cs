using System.Collections.Concurrent;
using System.IO.Compression;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>Changes answers of the service like a gateway: replaces them, repeats an old one, or compresses
/// them.</summary>
internal sealed class AnswerBender
{
    private readonly ConcurrentDictionary<string, EmulatorResponse> _first = new(StringComparer.Ordinal);

    /// <summary>The cached answer of a gateway that does not call the service again; null when it has none
    /// yet.</summary>
    public EmulatorResponse? Remembered(RequestContext context)
    {
        if (context.Rule(FaultKind.SameAnswer) is not { Billed: false }) return null;
        context.Entry.IsReplaced = _first.TryGetValue(Place(context), out EmulatorResponse? first);
        return first;
    }

    public async Task<EmulatorResponse> BendAsync(RequestContext context, EmulatorResponse response)
    {
        EmulatorResponse? error = context.Rules.Where(ErrorFaults.IsLate)
            .Select(rule => ErrorFaults.Answer(rule, context.Request)).FirstOrDefault(answer => answer is not null);
        if (response.Status == 200 && error is not null)
        {
            context.Entry.IsReplaced = true;
            return error;
        }

        if (response.Status == 200 && context.Rule(FaultKind.SameAnswer) is not null)
        {
            EmulatorResponse first = _first.GetOrAdd(Place(context), response);
            context.Entry.IsReplaced = first != response;
            response = first;
        }

        if (context.Rule(FaultKind.Gzip) is not null)
        {
            response = await CompressedAsync(response, "gzip").ConfigureAwait(false);
        }
        if (context.Rule(FaultKind.Brotli) is not null)
        {
            response = await CompressedAsync(response, "br").ConfigureAwait(false);
        }
        return response;
    }

    // A stream cannot replace a complete answer, or the reverse.
    private static string Place(RequestContext context) =>
        $"{context.Request.Path[(context.Request.Path.LastIndexOf(':') + 1)..]} {context.Request.Query.GetValueOrDefault("alt")}";

    private static async Task<EmulatorResponse> CompressedAsync(EmulatorResponse response, string encoding)
    {
        using MemoryStream compressed = new();
        await using (Stream compressor = encoding == "gzip"
            ? new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await foreach (ReadOnlyMemory<byte> chunk in response.Body.ConfigureAwait(false))
                await compressor.WriteAsync(chunk).ConfigureAwait(false);
        }

        byte[] bytes = compressed.ToArray();
        return (response with { Body = EmulatorResponse.Chunks([bytes]), Length = bytes.Length })
            .With("Content-Encoding", encoding);
    }
}
