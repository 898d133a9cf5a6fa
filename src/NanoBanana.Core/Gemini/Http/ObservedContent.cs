using System.Net;

namespace NanoBanana.Gemini.Http;

/// <summary>An answer's content that is reported, masked, after it was read.</summary>
internal sealed class ObservedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Action<string> _show;

    public ObservedContent(HttpContent inner, Action<string> show)
    {
        _inner = inner;
        _show = show;
        foreach ((string name, IEnumerable<string> values) in inner.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        Stream source = await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        // Passed on unchanged, so that the code that saves the body sees that it cannot be decompressed.
        if (source is not EncodedStream encoded) return new ObservedStream(source, _show);
        _show($"(not shown: {encoded.Error.Message})");
        return encoded;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Stream source = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await using (source.ConfigureAwait(false)) await source.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed class ObservedStream(Stream inner, Action<string> show) : PassingStream(inner)
    {
        private readonly BodyMask _mask = new();
        private bool _isShown;

        protected override void Seen(ReadOnlySpan<byte> bytes) => _mask.Add(bytes);

        protected override void Ended() => Show();

        protected override void Dispose(bool disposing)
        {
            if (disposing) Show();
            base.Dispose(disposing);
        }

        private void Show()
        {
            if (_isShown) return;
            _isShown = true;
            show(_mask.ToString());
        }
    }
}
