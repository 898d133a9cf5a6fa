using System.Text;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>The cost of judging existing images, one line each: <c>.nb/judgings.jsonl</c> beside them. Judgings of new
/// images are in their sidecars and in the ledger of their batch.</summary>
internal static class JudgingLog
{
    private const string FileName = "judgings.jsonl";

    /// <summary>The path of the log for a folder's images.</summary>
    /// <param name="folder">Full path.</param>
    public static string PathFor(string folder) => Path.Combine(folder, BlobStore.FolderName, FileName);

    /// <summary>Records a judging. Nothing is recorded for an image that is not a file.</summary>
    /// <returns>The error if it could not be written; otherwise null.</returns>
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
            // One write, so that lines of several processes do not mix. An incomplete line before it is ended first.
            stream.Write(Encoding.UTF8.GetBytes($"\n{line.ToJson()}\n"));
            return null;
        }
        catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
        {
            return $"What judging did cost is not on record: {e.Message}";
        }
    }

    /// <summary>The readable lines of a file.</summary>
    /// <exception cref="NbException">The file cannot be read.</exception>
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
