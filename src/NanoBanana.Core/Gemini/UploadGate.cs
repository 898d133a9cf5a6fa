using System.Collections.Concurrent;

namespace NanoBanana.Gemini;

/// <summary>Whether pictures are uploaded over a connection. What was learned once holds for all its calls. Safe for
/// many threads.</summary>
internal sealed class UploadGate
{
    // Files live for 48 hours: one that is gone so soon means that the service cannot use files here.
    private static readonly TimeSpan TooSoon = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _forgotten = new(StringComparer.Ordinal);
    private string? _notice;

    /// <summary>Whether nothing is uploaded any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Nothing is uploaded from here on.</summary>
    /// <param name="why">As a sentence.</param>
    public void Close(string why)
    {
        if (IsClosed) return;
        _notice = $"Pictures go inside the requests from here on, since they cannot be uploaded over this connection: {why}";
        IsClosed = true;
    }

    /// <summary>Notes that the service does not know a file.</summary>
    /// <returns>Whether uploading it again would be in vain.</returns>
    public bool IsForgottenAgain(string sha256, DateTimeOffset now)
    {
        bool again = _forgotten.TryGetValue(sha256, out DateTimeOffset last) && now - last < TooSoon;
        _forgotten[sha256] = now;
        return again;
    }

    /// <summary>What the user has not been told yet; once, then null.</summary>
    public string? TakeNotice() => Interlocked.Exchange(ref _notice, null);
}
