using System.Text;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>What judging images did cost that were there already, a line each: <c>.nb/judgings.jsonl</c> beside them.
/// What is judged as it is made stands in its sidecar, and in the ledger of its batch.</summary>
internal static class JudgingLog
{
    private const string FileName = "judgings.jsonl";

    /// <summary>Where the images of a folder have it.</summary>
    /// <param name="folder">Full path.</param>
    public static string PathFor(string folder) => Path.Combine(folder, BlobStore.FolderName, FileName);

    /// <summary>Puts a judging on record. An image that lies nowhere has no place for it.</summary>
    /// <returns>Why it could not be written; null when all is well.</returns>
    public static string? TryAdd(NbImage image, Judge judge, decimal? cost)
    {
        if (image.Path is not { } path || Path.GetDirectoryName(path) is not { } folder) return null;
        var line = new JudgingLine(DateTimeOffset.UtcNow, image.Sha256, judge.Model.Id, cost, judge.IsRehearsal);
        string log = PathFor(folder);
        try
        {
            Inside.CheckStored(log);
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            using var stream = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            // One write, so that lines of several processes do not mix; a line that was cut off is left behind.
            stream.Write(Encoding.UTF8.GetBytes($"\n{line.ToJson()}\n"));
            return null;
        }
        catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
        {
            return $"What judging did cost is not on record: {e.Message}";
        }
    }

    /// <summary>The lines of a file that can be read.</summary>
    /// <exception cref="NbException">The file cannot.</exception>
    public static IEnumerable<JudgingLine> Read(string path)
    {
        string[] lines;
        Inside.CheckStored(path);
        try
        {
            using var reader = new StreamReader(Disk.OpenRead(path));
            lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
        return lines.Select(JudgingLine.TryParse).OfType<JudgingLine>();
    }
}
