using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Models;

/// <summary>The last status the service gave for each model, stored in the user's folder.</summary>
public static class ModelStatuses
{
    private static readonly object Gate = new();

    // Every request asks; the file changes when a model's end is announced.
    private static readonly ParsedFile<Dictionary<string, ModelStatus>> Known =
        new(() => UserFolders.ModelStatuses, Parse);

    /// <summary>Applies the last known status to models; models without one are unchanged.</summary>
    /// <param name="models">The models as the catalog sees them.</param>
    public static IEnumerable<ModelInfo> Apply(IEnumerable<ModelInfo> models)
    {
        Dictionary<string, ModelStatus> known = Read();
        return models.Select(model => known.GetValueOrDefault(model.Id)?.ApplyTo(model) ?? model);
    }

    /// <summary>Stores a status. If the folder cannot be written, the status is dropped: an image must not fail because
    /// of it.</summary>
    /// <param name="model">The model's id.</param>
    /// <param name="status">The status.</param>
    internal static void Remember(string model, ModelStatus status)
    {
        lock (Gate)
        {
            Dictionary<string, ModelStatus> known = Read();
            if (known.GetValueOrDefault(model) == status) return;
            known = new Dictionary<string, ModelStatus>(known, StringComparer.Ordinal) { [model] = status };
            try
            {
                string path = UserFolders.ModelStatuses;
                AtomicFile.Write(path, Path.GetDirectoryName(path)!, overwrite: true, stream => Write(stream, known));
            }
            catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
            {
                // Ignored: the next answer repeats the status.
            }
        }
    }

    private static void Write(Stream stream, Dictionary<string, ModelStatus> known)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        foreach ((string id, ModelStatus status) in known.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(id);
            writer.WriteString("stage", status.Stage);
            if (status.Retirement is { } day)
            {
                writer.WriteString("retirement", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }
            StoredJson.WriteText(writer, "message", status.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static Dictionary<string, ModelStatus> Read()
    {
        lock (Gate) return Known.Read();
    }

    private static Dictionary<string, ModelStatus> Parse()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(UserFolders.ModelStatuses));
            return document.RootElement.EnumerateObject().ToDictionary(one => one.Name, one => new ModelStatus(
                StoredJson.Required(one.Value, "stage"),
                StoredJson.Text(one.Value, "retirement") is { } day
                    ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
                StoredJson.Text(one.Value, "message")), StringComparer.Ordinal);
        }
        catch (Exception e) when (StoredJson.IsMalformed(e) || Disk.IsRefusal(e))
        {
            return new Dictionary<string, ModelStatus>(StringComparer.Ordinal);
        }
    }
}
