using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Models;

/// <summary>Counts the searches of this user's answers, so that searches beyond the free ones are priced. Searches by
/// other machines and programs in the same project are not known.</summary>
internal static class SearchMeter
{
    // What stands in the file is added to.
    private const int MostCount = 1_000_000_000;

    private static readonly object Gate = new();

    // Every item of a plan asks.
    private static readonly ParsedFile<Dictionary<string, int>> Known = new(() => UserFolders.Searches, Read);

    /// <summary>Free searches that are left.</summary>
    public static int Left(FreeSearches allowance, DateTimeOffset now)
    {
        lock (Gate) return Math.Max(0, allowance.Count - Known.Read().GetValueOrDefault(KeyOf(allowance, now)));
    }

    /// <summary>Counts searches that were made. If the folder cannot be written, they are not counted: an image must
    /// not fail because of it.</summary>
    /// <returns>How many of them are billed.</returns>
    public static int Take(FreeSearches allowance, int made, DateTimeOffset now)
    {
        if (made <= 0) return 0;
        lock (Gate)
        {
            string path = UserFolders.Searches;
            // Other processes count in the same file.
            using FolderLock? turn = Turn(Path.GetDirectoryName(path)!);
            Dictionary<string, int> counts = Read();
            string key = KeyOf(allowance, now);
            int before = counts.GetValueOrDefault(key);
            counts[key] = before + made;
            try
            {
                AtomicFile.Write(path, Path.GetDirectoryName(path)!, overwrite: true, stream => Write(stream, counts));
            }
            catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
            {
                // If it cannot be written, these searches count as free again next time.
            }
            return Math.Min(made, Math.Max(0, before + made - allowance.Count));
        }
    }

    private static FolderLock? Turn(string folder)
    {
        try
        {
            return FolderLock.Naming(folder);
        }
        catch (NbException)
        {
            return null;
        }
    }

    private static string KeyOf(FreeSearches allowance, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{allowance.Pool} {now.UtcDateTime.ToString(allowance.Per == "day" ? "yyyy-MM-dd" : "yyyy-MM", CultureInfo.InvariantCulture)}");

    // Older days are never needed again.
    private static void Write(Stream stream, Dictionary<string, int> counts)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        foreach ((string key, int count) in counts.OrderBy(one => one.Key, StringComparer.Ordinal).TakeLast(400))
        {
            writer.WriteNumber(key, count);
        }
        writer.WriteEndObject();
    }

    private static Dictionary<string, int> Read()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(UserFolders.Searches));
            return document.RootElement.EnumerateObject()
                .ToDictionary(one => one.Name, one => Math.Clamp(one.Value.GetInt32(), 0, MostCount),
                    StringComparer.Ordinal);
        }
        catch (Exception e) when (StoredJson.IsMalformed(e) || Disk.IsRefusal(e))
        {
            return new Dictionary<string, int>(StringComparer.Ordinal);
        }
    }
}
