using System.Collections.Concurrent;

namespace NanoBanana.Gemini;

/// <summary>Decides whether pictures are uploaded over a connection, from the failures of all its calls.
/// Thread-safe.</summary>
internal sealed class UploadGate
{
    // Files live for 48 hours, so a file that is gone this soon means that the service cannot use files here.
    private static readonly TimeSpan TooSoon = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _forgotten = new(StringComparer.Ordinal);
    private string? _notice;

    /// <summary>Whether uploads are turned off.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Turns uploads off.</summary>
    /// <param name="why">As a sentence.</param>
    public void Close(string why)
    {
        if (IsClosed) return;
        _notice = $"Pictures go inside the requests from here on, since they cannot be uploaded over this connection: {why}";
        IsClosed = true;
    }

    /// <summary>Records that the service does not know a file.</summary>
    /// <returns>Whether uploading it again would not help.</returns>
    public bool IsForgottenAgain(string sha256, DateTimeOffset now)
    {
        bool again = _forgotten.TryGetValue(sha256, out DateTimeOffset last) && now - last < TooSoon;
        _forgotten[sha256] = now;
        return again;
    }

    /// <summary>The notice for the user, returned once, then null.</summary>
    public string? TakeNotice() => Interlocked.Exchange(ref _notice, null);
}
