using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>The body of a download: it owns the response, and fails after a pause longer than the time limit.</summary>
internal sealed class DownloadStream(HttpResponseMessage response, Stream body, GeminiClientOptions options)
    : ForwardStream
{
    private readonly CancellationTokenSource _idle = new(Timeout.InfiniteTimeSpan, options.TimeProvider);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _idle.CancelAfter(options.Timeout);
        using CancellationTokenRegistration caller = cancellationToken.UnsafeRegister(
            static idle => ((CancellationTokenSource)idle!).Cancel(), _idle);
        try
        {
            return await body.ReadAsync(buffer, _idle.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw AnswerErrors.DownloadBroken(e);
        }
        finally
        {
            if (!_idle.IsCancellationRequested) _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return body.Read(buffer, offset, count);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw AnswerErrors.DownloadBroken(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
            _idle.Dispose();
        }
        base.Dispose(disposing);
    }
}
