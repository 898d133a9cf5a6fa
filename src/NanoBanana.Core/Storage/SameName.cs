using System.Text;

namespace NanoBanana.Storage;

/// <summary>Treats a name in composed letters (NFC) and one in decomposed letters (NFD) as the same file, because macOS
/// writes the second, other systems the first, and folders are copied between them.</summary>
internal static class SameName
{
    /// <summary>The path under which a file or folder exists: as given, or in the other Unicode form.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>When nothing exists in either form: the given name in the existing folder.</returns>
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
