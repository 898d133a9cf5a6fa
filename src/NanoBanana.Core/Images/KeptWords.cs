using System.Globalization;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Words that were paid for without a picture, kept where their owner finds them.</summary>
internal static class KeptWords
{
    /// <summary>Saves the words with their conversation among the answers without a picture.</summary>
    /// <param name="words">The words.</param>
    /// <param name="folder">Full path; the user's own folder takes them where this one refuses.</param>
    /// <returns>Full path of the file; null where no folder takes it.</returns>
    public static string? Save(NbText words, string folder)
    {
        string stem = string.Create(CultureInfo.InvariantCulture,
            $"{words.CreatedAt?.UtcDateTime:yyyyMMdd-HHmmss}-{words.Sha256[..12]}");
        foreach (string place in AnswersFolder.Places(folder))
        {
            try
            {
                return ImageFile.SaveIn(words, place, stem: stem).Path;
            }
            catch (NbException)
            {
                // The next place may have room.
            }
        }
        return null;
    }
}
