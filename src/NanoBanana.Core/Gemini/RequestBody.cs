using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Conversations;

namespace NanoBanana.Gemini;

/// <summary>JSON with holes: the text is in memory, the base64 of each blob is made while it is sent.</summary>
internal sealed class RequestBody
{
    // A multiple of three, so that only the last piece of a blob is padded.
    private const int PieceSize = Blob.PieceLength;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<Hole> _holes = [];

    private RequestBody()
    {
    }

    /// <summary>Exact length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Writes the JSON at once; blobs are only noted.</summary>
    public static RequestBody Create(Action<Utf8JsonWriter, RequestBody> write)
    {
        var body = new RequestBody();
        using (var json = new Utf8JsonWriter(body._text, Options)) write(json, body);
        body.Length = body._text.WrittenCount + body._holes.Sum(hole => Base64Length(hole.Length));
        return body;
    }

    /// <summary>Characters of base64 for so many bytes.</summary>
    public static long Base64Length(long bytes) => (bytes + 2) / 3 * 4;

    /// <summary>While writing: a string field with the base64 of a blob, which is read when the body is sent.</summary>
    public void WriteBase64(Utf8JsonWriter json, string name, Blob blob)
    {
        json.WriteString(name, ""u8);
        json.Flush();
        _holes.Add(new Hole(_text.WrittenCount - 1, blob, blob.Length));
    }

    /// <summary>Sends the body; may be called again.</summary>
    /// <exception cref="NbException">A blob is gone or has another length than before.</exception>
    public async Task WriteToAsync(Stream target, CancellationToken cancellationToken)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(PieceSize);
        byte[] base64 = ArrayPool<byte>.Shared.Rent(PieceSize / 3 * 4);
        try
        {
            int done = 0;
            foreach (Hole hole in _holes)
            {
                await target.WriteAsync(_text.WrittenMemory[done..hole.At], cancellationToken).ConfigureAwait(false);
                await WriteBlobAsync(hole, target, bytes, base64, cancellationToken).ConfigureAwait(false);
                done = hole.At;
            }
            await target.WriteAsync(_text.WrittenMemory[done..], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(base64);
        }
    }

    /// <summary>The body for people to read: in place of each blob its length and hash.</summary>
    public string ToMaskedText()
    {
        var text = new StringBuilder();
        int done = 0;
        foreach (Hole hole in _holes)
        {
            text.Append(Encoding.UTF8.GetString(_text.WrittenSpan[done..hole.At]))
                .Append(CultureInfo.InvariantCulture, $"[{hole.Length} bytes, sha256 {hole.Blob}]");
            done = hole.At;
        }
        return text.Append(Encoding.UTF8.GetString(_text.WrittenSpan[done..])).ToString();
    }

    private static async Task WriteBlobAsync(
        Hole hole, Stream target, byte[] bytes, byte[] base64, CancellationToken cancellationToken)
    {
        Stream source = hole.Blob.OpenRead();
        await using (source.ConfigureAwait(false))
        {
            long rest = hole.Length;
            while (rest > 0)
            {
                Memory<byte> piece = bytes.AsMemory(0, (int)Math.Min(PieceSize, rest));
                // Not asynchronously: for a file that is a hop to another thread, which costs more than the copy.
                int read = source.ReadAtLeast(piece.Span, piece.Length, throwOnEndOfStream: false);
                if (read < piece.Length) throw NbErrors.BlobChanged(hole.Blob);
                rest -= read;
                Base64.EncodeToUtf8(piece.Span, base64, out _, out int written);
                await target.WriteAsync(base64.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private readonly record struct Hole(int At, Blob Blob, long Length);
}
