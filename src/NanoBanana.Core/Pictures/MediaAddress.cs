using System.Diagnostics.CodeAnalysis;

namespace NanoBanana.Pictures;

/// <summary>Addresses that the service fetches itself.</summary>
public static class MediaAddress
{
    private static readonly string[] VideoHosts =
        ["youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"];

    /// <summary>Whether a text is the address of a page with a video, which only the service can get.</summary>
    public static bool IsVideoPage(string text) =>
        TryRead(text, out Uri? uri) && VideoHosts.Contains(uri.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a text is an address in Google Cloud Storage, which only the service can read.</summary>
    public static bool IsCloud(string text) => text.StartsWith("gs://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text is an https or gs address.</summary>
    public static bool IsAddress(string text) => TryRead(text, out _);

    /// <summary>Whether a text is an address that is sent in place of its content.</summary>
    /// <param name="text">The text.</param>
    /// <param name="byReference">Whether addresses are sent as they are; that of a video's page always is.</param>
    public static bool IsSent(string text, bool byReference) =>
        IsVideoPage(text) || (byReference && IsAddress(text));

    /// <summary>An address without possible secrets: a password, and everything after the path.</summary>
    public static string Plain(string text) => !TryRead(text, out Uri? uri) ? Readable.Short(text)
        : $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}";

    internal static bool TryRead(string text, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out uri) && uri.Host.Length > 0
            && uri.Scheme is "https" or "gs";
}
