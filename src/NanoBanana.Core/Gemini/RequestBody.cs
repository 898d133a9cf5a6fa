using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>A JSON body with placeholders for blobs and long texts, which are encoded while it is sent; the rest is in
/// memory.</summary>
internal sealed class RequestBody
{
    // A multiple of three, so that only the last piece of a blob is padded.
    private const int PieceSize = Blob.PieceLength;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<Placeholder> _placeholders = [];

    private RequestBody()
    {
    }

    /// <summary>Exact length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Writes the JSON at once; blobs are only referenced.</summary>
    public static RequestBody Create(Action<Utf8JsonWriter, RequestBody> write)
    {
        var body = new RequestBody();
        using (var json = new Utf8JsonWriter(body._text, Options)) write(json, body);
        body.Length = body._text.WrittenCount + body._placeholders.Sum(placeholder => placeholder.Blob is null
            ? placeholder.Length : Base64Length(placeholder.Length));
        return body;
    }

    /// <summary>Characters of base64 for so many bytes.</summary>
    public static long Base64Length(long bytes) => (bytes + 2) / 3 * 4;

    /// <summary>While writing: a string field with the base64 of a blob, which is read when the body is sent.</summary>
    public void WriteBase64(Utf8JsonWriter json, string name, Blob blob)
    {
        json.WriteString(name, ""u8);
        json.Flush();
        _placeholders.Add(new Placeholder(_text.WrittenCount - 1, blob.Length) { Blob = blob });
    }

    /// <summary>While writing: a string field. A long one is encoded while the body is sent.</summary>
    public void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length < JsonText.Long)
        {
            json.WriteString(name, text);
            return;
        }
        json.WriteString(name, ""u8);
        json.Flush();
        _placeholders.Add(new Placeholder(_text.WrittenCount - 1, JsonText.LengthOf(text, Options.Encoder))
        {
            Text = text,
        });
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
            foreach (Placeholder placeholder in _placeholders)
            {
                await target.WriteAsync(_text.WrittenMemory[done..placeholder.At], cancellationToken)
                    .ConfigureAwait(false);
                if (placeholder.Blob is { } blob)
                {
                    await WriteBlobAsync(blob, placeholder.Length, target, bytes, base64, cancellationToken)
                        .ConfigureAwait(false);
                }
                foreach (ReadOnlyMemory<byte> piece in JsonText.Pieces(placeholder.Text ?? "", Options.Encoder))
                {
                    await target.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                }
                done = placeholder.At;
            }
            await target.WriteAsync(_text.WrittenMemory[done..], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(base64);
        }
    }

    /// <summary>The body for people to read, with each blob's length and hash in its place.</summary>
    public string ToMaskedText()
    {
        var text = new StringBuilder();
        int done = 0;
        foreach (Placeholder placeholder in _placeholders)
        {
            text.Append(Encoding.UTF8.GetString(_text.WrittenSpan[done..placeholder.At]));
            if (placeholder.Blob is { } blob)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{placeholder.Length} bytes, sha256 {blob}]");
            }
            foreach (ReadOnlyMemory<byte> piece in JsonText.Pieces(placeholder.Text ?? "", Options.Encoder))
            {
                text.Append(Encoding.UTF8.GetString(piece.Span));
            }
            done = placeholder.At;
        }
        return text.Append(Encoding.UTF8.GetString(_text.WrittenSpan[done..])).ToString();
    }

    private static async Task WriteBlobAsync(
        Blob blob, long length, Stream target, byte[] bytes, byte[] base64, CancellationToken cancellationToken)
    {
        Stream source = blob.OpenRead();
        await using (source.ConfigureAwait(false))
        {
            long rest = length;
            while (rest > 0)
            {
                Memory<byte> piece = bytes.AsMemory(0, (int)Math.Min(PieceSize, rest));
                // Read synchronously: asynchronous file reads switch to another thread, which costs more than the copy.
                int read = source.ReadAtLeast(piece.Span, piece.Length, throwOnEndOfStream: false);
                if (read < piece.Length) throw BlobErrors.Changed(blob);
                rest -= read;
                Base64.EncodeToUtf8(piece.Span, base64, out _, out int written);
                await target.WriteAsync(base64.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Either a blob or a text; the length is that of the blob, or of the text as JSON.
    private readonly record struct Placeholder(int At, long Length)
    {
        public Blob? Blob { get; init; }

        public string? Text { get; init; }
    }
}
