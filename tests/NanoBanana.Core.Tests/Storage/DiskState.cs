using System.Security.Cryptography;

namespace NanoBanana.Tests.Storage;

/// <summary>What a disk holds after a power cut.</summary>
/// <param name="Number">Steps before the cut.</param>
/// <param name="Kind">Which of the states that are possible then.</param>
/// <param name="Files">Contents by path, relative to the folder.</param>
/// <param name="Announced">Items whose success somebody was told of.</param>
/// <param name="Sent">Items that were asked for.</param>
internal sealed record DiskState(
    int Number, string Kind, IReadOnlyDictionary<string, byte[]> Files, IReadOnlySet<string> Announced,
    IReadOnlySet<string> Sent)
{
    /// <summary>Equal for states that a later run cannot tell apart.</summary>
    public string Key => string.Join('|', Files.OrderBy(file => file.Key, StringComparer.Ordinal)
        .Select(file => file.Key + Convert.ToHexString(SHA256.HashData(file.Value)))) + "|"
        + string.Join(',', Announced.Order()) + "|" + string.Join(',', Sent.Order());

    /// <summary>Makes a folder hold this and nothing else.</summary>
    public void Restore(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        foreach ((string name, byte[] content) in Files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }
}
