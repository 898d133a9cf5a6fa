using System.Text;

namespace NanoBanana.Storage;

/// <summary>A name in composed letters (NFC) and one in decomposed letters (NFD) mean one file: macOS writes the
/// second, nearly everybody else the first, and folders travel.</summary>
internal static class SameName
{
    /// <summary>The path under which a file or folder is there: as it is written, or in the other form of its
    /// letters.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>The path itself where nothing is there in any form, but in the folder that is.</returns>
    public static string Existing(string path)
    {
        if (Ascii.IsValid(path) || Path.Exists(path)) return path;
        if (Path.GetDirectoryName(path) is not { Length: > 0 } folder) return path;
        folder = Existing(folder);
        string name = Path.GetFileName(path);
        foreach (string form in (string[])[name, CanonicalForm.Composed(name), CanonicalForm.Decomposed(name)])
        {
            string other = Path.Combine(folder, form);
            if (Path.Exists(other)) return other;
        }
        return Path.Combine(folder, name);
    }
}
