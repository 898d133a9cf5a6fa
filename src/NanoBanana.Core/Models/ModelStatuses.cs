using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Models;

/// <summary>What the service last said of its models, remembered in this user's folder.</summary>
public static class ModelStatuses
{
    private static readonly object Gate = new();

    /// <summary>Models as the service last saw them; those it said nothing of are unchanged.</summary>
    /// <param name="models">The models as the catalog sees them.</param>
    public static IEnumerable<ModelInfo> Apply(IEnumerable<ModelInfo> models)
    {
        Dictionary<string, ModelStatus> known = Read();
        return models.Select(model => known.GetValueOrDefault(model.Id)?.ApplyTo(model) ?? model);
    }

    /// <summary>Remembers what the service said. A folder that cannot be written is no reason to lose an
    /// image.</summary>
    /// <param name="model">The model's id.</param>
    /// <param name="status">What was said.</param>
    internal static void Remember(string model, ModelStatus status)
    {
        lock (Gate)
        {
            Dictionary<string, ModelStatus> known = Read();
            if (known.GetValueOrDefault(model) == status) return;
            known[model] = status;
            try
            {
                string path = UserFolders.ModelStatuses;
                AtomicFile.Write(path, Path.GetDirectoryName(path)!, overwrite: true, stream => Write(stream, known));
            }
            catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
            {
                // The next answer repeats it.
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
