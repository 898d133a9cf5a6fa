using System.Globalization;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Saves text answers that were paid for but have no picture.</summary>
internal static class KeptWords
{
    /// <summary>Saves a text with its conversation in the folder of answers without a picture.</summary>
    /// <param name="words">The words.</param>
    /// <param name="folder">Full path; the user's own folder is used if this one cannot be written.</param>
    /// <returns>Full path of the file; null when no folder can be written.</returns>
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
                // The next folder may have room.
            }
        }
        return null;
    }
}
