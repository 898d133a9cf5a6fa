using NanoBanana.Gemini.Json;
using System.IO.Compression;
using System.Net;

namespace NanoBanana.Gemini.Http;

/// <summary>An answer's content with its compression undone (gzip, deflate, br), whether or not it was asked for, and
/// not without end.</summary>
internal sealed class DecodedContent : HttpContent
{
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

    /// <summary>The content itself when it is not compressed.</summary>
    /// <param name="content">As it came.</param>
    /// <param name="mayBeBilled">Whether what cannot be read of it may have been paid for.</param>
    public static HttpContent Of(HttpContent content, bool mayBeBilled)
    {
        string[] encodings =
            [.. content.Headers.ContentEncoding.Select(name => name.ToLowerInvariant())
            .Where(name => name is not ("identity" or ""))];
        return encodings.Length == 0 ? content : new DecodedContent(content, encodings, mayBeBilled);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var received = new CountedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        Stream decoded = received;
        // The last one named was put on last.
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

    private Stream Decoded(Stream source, string encoding) => encoding switch
    {
        "gzip" or "x-gzip" => new GZipStream(source, CompressionMode.Decompress),
        // Zlib as the standard has it, or the bare stream that some send under this name.
        "deflate" => new DeflateOrZlibStream(source),
        "br" => new BrotliStream(source, CompressionMode.Decompress),
        _ => throw AnswerErrors.Encoded(encoding, _mayBeBilled),
    };

    private sealed class CountedStream(Stream inner) : PassingStream(inner)
    {
        public long Count { get; private set; }

        protected override int Seen(int read)
        {
            Count += read;
            return read;
        }
    }

    /// <summary>Ends a body that grows out of all proportion, and tells damage as the reader of answers does.</summary>
    private sealed class BoundedStream(Stream inner, CountedStream received, bool mayBeBilled) : PassingStream(inner)
    {
        // Base64 of pictures shrinks by a quarter. Only what is all the same shrinks a hundredfold.
        private const long Free = 16 * 1024 * 1024;
        private const long MostTimes = 100;

        private long _count;

        protected override int Seen(int read)
        {
            _count += read;
            return _count <= Free + (MostTimes * received.Count) ? read : throw AnswerErrors.Malformed(
                FormattableString.Invariant($"{received.Count} compressed bytes become more than {_count}"),
                    mayBeBilled: mayBeBilled);
        }

        protected override Exception Told(InvalidDataException e) =>
            AnswerErrors.Malformed($"its compression is damaged ({e.Message.TrimEnd('.')})", e, mayBeBilled);
    }

    private sealed class DeflateOrZlibStream(Stream source) : PassingStream(source)
    {
        private Stream? _chosen;

        protected override Stream Source => _chosen ??= Choose();

        private Stream Choose()
        {
            int first = base.Source.ReadByte();
            Stream whole = first < 0 ? base.Source : new PrefixedStream((byte)first, base.Source);
            // A zlib header names the method deflate (8) in its low four bits; a bare stream of a JSON text never
            // begins so.
            return (first & 0x0F) == 8 ? new ZLibStream(whole, CompressionMode.Decompress)
                : new DeflateStream(whole, CompressionMode.Decompress);
        }
    }

    private sealed class PrefixedStream(byte first, Stream rest) : PassingStream(rest)
    {
        private bool _isGiven;

        public override int Read(Span<byte> buffer)
        {
            if (_isGiven || buffer.Length == 0) return base.Read(buffer);
            _isGiven = true;
            buffer[0] = first;
            return 1;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _isGiven || buffer.Length == 0 ? base.ReadAsync(buffer, cancellationToken) : new(Read(buffer.Span));
    }
}
