using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Saves unreadable bodies that were paid for unchanged, so that a later version may read a picture from
/// them.</summary>
internal static class KeptAnswer
{
    /// <summary>Saves a body.</summary>
    /// <param name="body">The body as received; keys in it are hidden.</param>
    /// <param name="folder">Full path; the user's own folder is used if this one cannot be written.</param>
    /// <param name="extension">Extension of the file name.</param>
    /// <returns>Full path of the file; null when no folder can be written.</returns>
    public static string? Save(byte[] body, string folder, string extension = ".json")
    {
        // A gateway may have echoed the key. Latin-1 has a character for each byte, so that the other bytes stay
        // unchanged.
        string text = Encoding.Latin1.GetString(body);
        string hidden = Secrets.Hide(text);
        if (hidden != text) body = Encoding.Latin1.GetBytes(hidden);
        string hash = Blob.ToHex(SHA256.HashData(body))[..12];
        string name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{hash}{extension}");
        return AnswersFolder.TryWrite(folder, name, stream => stream.Write(body));
    }
}
