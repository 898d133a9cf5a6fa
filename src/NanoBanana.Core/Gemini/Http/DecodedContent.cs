using System.IO.Compression;
using System.Net;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>An answer's decompressed content (gzip, deflate, br), also when compression was not requested or not
/// declared, within a size limit.</summary>
internal sealed class DecodedContent : HttpContent
{
    private static readonly string[] Known = ["gzip", "x-gzip", "deflate", "br"];

    private readonly HttpContent _inner;
    private readonly string[] _encodings;
    private readonly bool _mayBeBilled;

    private DecodedContent(HttpContent inner, string[] encodings, bool mayBeBilled)
    {
        _inner = inner;
        _encodings = encodings;
        _mayBeBilled = mayBeBilled;
        foreach ((string name, IEnumerable<string> values) in inner.Headers)
        {
            if (name is not ("Content-Encoding" or "Content-Length")) Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>The content, decompressed if needed. An answer that may have been paid for is examined even without a
    /// header.</summary>
    /// <param name="content">The content as received.</param>
    /// <param name="mayBeBilled">Whether an unreadable answer may have been paid for.</param>
    public static HttpContent Of(HttpContent content, bool mayBeBilled)
    {
        string[] encodings =
            [.. content.Headers.ContentEncoding.Select(name => name.ToLowerInvariant())
            .Where(name => name is not ("identity" or ""))];
        return encodings.Length == 0 && !mayBeBilled ? content : new DecodedContent(content, encodings, mayBeBilled);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var received = new CountedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        if (_encodings.Length == 0) return await UndoneAsync(received, cancellationToken).ConfigureAwait(false);
        if (_encodings.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            return new EncodedStream(received, unknown, _mayBeBilled);
        }
        Stream decoded = received;
        // The encoding that is named last was applied last.
        foreach (string encoding in Enumerable.Reverse(_encodings)) decoded = Decoded(decoded, encoding);
        return new BoundedStream(decoded, received, _mayBeBilled);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Stream source = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await using (source.ConfigureAwait(false)) await source.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    // A gateway may have dropped the header and kept the compression.
    private async Task<Stream> UndoneAsync(CountedStream received, CancellationToken cancellationToken)
    {
        byte[] start = new byte[ZstdMagic.Length];
        int length;
        try
        {
            length = await received.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, e.Message, e);
        }
        Stream whole = new Json.PrefixedStream(start.AsMemory(0, length), received);
        if (start.AsSpan(0, length).SequenceEqual(ZstdMagic)) return new EncodedStream(whole, "zstd", _mayBeBilled);
        return start.AsSpan(0, length).StartsWith(GzipMagic)
            ? new BoundedStream(new GZipStream(whole, CompressionMode.Decompress), received, _mayBeBilled)
            : whole;
    }

    private static Stream Decoded(Stream source, string encoding) => encoding switch
    {
        "gzip" or "x-gzip" => new GZipStream(source, CompressionMode.Decompress),
        // The standard's zlib form, or the bare deflate stream that some servers send.
        "deflate" => new DeflateOrZlibStream(source),
        _ => new BrotliStream(source, CompressionMode.Decompress),
    };

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B, 8];

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    private sealed class CountedStream(Stream inner) : PassingStream(inner)
    {
        public long Count { get; private set; }

        protected override void Seen(ReadOnlySpan<byte> bytes) => Count += bytes.Length;
    }

    /// <summary>Stops a body that expands without limit, and reports damage as the reader of answers does.</summary>
    private sealed class BoundedStream(Stream inner, CountedStream received, bool mayBeBilled) : PassingStream(inner)
    {
        // Compression saves a quarter of base64 of pictures. Only repetitive data shrinks a hundredfold.
        private const long Free = 16 * 1024 * 1024;
        private const long MostTimes = 100;

        private long _count;

        protected override void Seen(ReadOnlySpan<byte> bytes)
        {
            _count += bytes.Length;
            if (_count <= Free + (MostTimes * received.Count)) return;
            throw AnswerErrors.Malformed(
                FormattableString.Invariant($"{received.Count} compressed bytes become more than {_count}"),
                mayBeBilled: mayBeBilled);
        }

        protected override Exception Explain(InvalidDataException e) =>
            AnswerErrors.Malformed($"its compression is damaged ({e.Message.TrimEnd('.')})", e, mayBeBilled);
    }

    private sealed class DeflateOrZlibStream(Stream source) : PassingStream(source)
    {
        private Stream? _chosen;

        protected override Stream Source => _chosen ??= Choose();

        private Stream Choose()
        {
            int first = base.Source.ReadByte();
            Stream whole = first < 0 ? base.Source : new PrefixedStream(new[] { (byte)first }, base.Source);
            // A zlib header names the method deflate (8) in its low four bits; a bare stream of a JSON text never
            // begins so.
            return (first & 0x0F) == 8 ? new ZLibStream(whole, CompressionMode.Decompress)
                : new DeflateStream(whole, CompressionMode.Decompress);
        }
    }
}
