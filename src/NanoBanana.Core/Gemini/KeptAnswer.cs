using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Bodies that were paid for and not understood: kept as they came, so that a later version can read a picture
/// out of them.</summary>
internal static class KeptAnswer
{
    /// <summary>Keeps a body.</summary>
    /// <param name="body">As it came. Keys in it are hidden.</param>
    /// <param name="folder">Full path; the user's own folder takes it where this one refuses.</param>
    /// <param name="extension">How its name ends, so that it tells what it is.</param>
    /// <returns>Full path of the file; null where no folder takes it.</returns>
    public static string? Save(byte[] body, string folder, string extension = ".json")
    {
        // A gateway may have echoed the key. Latin-1 has a character for each byte, so that a body that is no text
        // keeps its other bytes.
        string text = Encoding.Latin1.GetString(body);
        string hidden = Secrets.Hide(text);
        if (hidden != text) body = Encoding.Latin1.GetBytes(hidden);
        string hash = Blob.ToHex(SHA256.HashData(body))[..12];
        string name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{hash}{extension}");
        return AnswersFolder.TryWrite(folder, name, stream => stream.Write(body));
    }
}
