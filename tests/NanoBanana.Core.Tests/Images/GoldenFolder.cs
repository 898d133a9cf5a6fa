using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace NanoBanana.Tests.Images;

/// <summary>Folders that earlier versions have saved, as they left them: what was written once is read for
/// ever.</summary>
/// <remarks>format1.zip was written by the last version that wrote sidecars of format 1, format1.txt by the same
/// version reading it. Neither is ever made anew. In unknown.jpg, which no
/// service gave, bytes that are no picture were a result then, and thoughts that only the turn
/// tells were missing.</remarks>
internal static class GoldenFolder
{
    public const string Images = "images";

    public const string Batch = "batch";

    /// <summary>Unpacks both folders.</summary>
    public static void Extract(string folder) => ZipFile.ExtractToDirectory(At("format1.zip"), folder);

    /// <summary>What each picture remembers, by its path in the archive.</summary>
    public static IReadOnlyDictionary<string, string> Expected => File.ReadAllText(At("format1.txt"))
        .Split("\n@", StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.TrimStart('@').Split('\n', 2))
        .ToDictionary(entry => entry[0], entry => entry[1].TrimEnd('\n'));

    private static string At(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "Golden", name);
}
