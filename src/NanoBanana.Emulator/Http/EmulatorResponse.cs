using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Http;

/// <summary>One answer, however it is delivered (in process or on a socket): the body is pulled chunk by
/// chunk.</summary>
internal sealed record EmulatorResponse
{
    public required int Status { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A chunk is valid only until the next one is asked for.</summary>
    public required IAsyncEnumerable<ReadOnlyMemory<byte>> Body { get; init; }

    /// <summary>The length of the body.</summary>
    public required long Length { get; init; }

    /// <summary>Whether the client is told no length: the service chunks what a model writes.</summary>
    public bool IsStreamed { get; init; }

    public TransportFault? Transport { get; init; }

    public static EmulatorResponse Json(int status, object? node)
    {
        byte[] body = WireText.ToBytes(node, indented: true);
        return Bytes(status, "application/json; charset=UTF-8", body);
    }

    /// <summary>Large texts one after the other, encoded while they are sent.</summary>
    public static EmulatorResponse Streamed(string contentType, params WireText[] texts) => new()
    {
        Status = 200,
        Headers = [new("Content-Type", contentType)],
        Body = Chunks(texts.SelectMany(text => text.Chunks())),
        Length = texts.Sum(text => text.Length),
        IsStreamed = true,
    };

    public static EmulatorResponse Error(ServiceException error) =>
        Json(error.Code, new WireObject { { "error", error.ToWire() } });

    public static EmulatorResponse Html(int status, string title, string text) => Bytes(
        status,
        "text/html; charset=UTF-8",
        Encoding.UTF8.GetBytes("<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n"
            + $"<title>Error {status} ({title})</title>\n<p><b>{status}.</b> <ins>{WebUtility.HtmlEncode(text)}</ins>\n"));

    public static EmulatorResponse Bytes(int status, string contentType, ReadOnlyMemory<byte> body) => new()
    {
        Status = status,
        Headers = [new("Content-Type", contentType)],
        Body = Chunks([body]),
        Length = body.Length,
    };

    public EmulatorResponse With(string header, string value) =>
        this with { Headers = [.. Headers, new(header, value)] };

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(
        IEnumerable<ReadOnlyMemory<byte>> chunks,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (ReadOnlyMemory<byte> chunk in chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return chunk;
        }
    }
}
