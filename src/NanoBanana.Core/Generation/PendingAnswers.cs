using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;
using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Generation;

/// <summary>Records of the answers that single calls wait for, in the folder of their images (<c>.nb/pending</c>), so
/// that neither a broken connection nor the end of the process loses them.</summary>
public static class PendingAnswers
{
    private const int Version = 1;

    /// <summary>The pending answers of an image folder, oldest first. Unreadable records are skipped.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="NbException">The folder cannot be read.</exception>
    public static IReadOnlyList<PendingAnswer> In(string folder)
    {
        string pending = BlobStore.PendingFolder(folder);
        try
        {
            if (!Directory.Exists(pending)) return [];
            Inside.CheckStored(pending);
            return [.. Directory.EnumerateFiles(pending, "*.json").Select(file => TryRead(file, folder))
                .OfType<PendingAnswer>().OrderBy(answer => answer.CreatedAt)];
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(pending, e);
        }
    }

    /// <summary>Records an answer: its id first, then the content of its conversation.</summary>
    /// <exception cref="NbException">The folder cannot be written.</exception>
    internal static void Add(string folder, string id, PreparedRequest request, SaveTarget place, DateTimeOffset now)
    {
        string path = PathOf(folder, id);
        var store = new BlobStore(folder);
        try
        {
            Disk.CreateFolder(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, store.TemporaryFolder, overwrite: true,
                stream => Write(stream, id, request, place, now));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
        foreach (Blob blob in request.Call.Contents.SelectMany(turn => turn.Blobs)
            .Concat(Reference.Blobs(request.References))) store.Put(blob);
    }

    /// <summary>Removes the record of an answer: its images are saved, or there are none.</summary>
    internal static void Remove(string folder, string id)
    {
        try
        {
            File.Delete(PathOf(folder, id));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // If the record remains, a later resume fetches the answer once more, free of charge.
        }
    }

    /// <summary>Whether an error is the service's statement that there is no image to fetch.</summary>
    internal static bool IsFinal(NbException error) =>
        !error.IsUncertain && (error.Kind == NbErrorKind.InvalidResult || error.HttpStatus is not null);

    // The file name is a hash, because the service's id may not be a valid file name.
    private static string PathOf(string folder, string id) => Path.Combine(
        BlobStore.PendingFolder(folder), Blob.HashOf(id)[..16] + ".json");

    private static void Write(
        Stream stream, string id, PreparedRequest request, SaveTarget place, DateTimeOffset now)
    {
        using Utf8JsonWriter writer = JsonText.WriterOver(stream, StoredJson.Writing);
        writer.WriteStartObject();
        writer.WriteNumber("pending", Version);
        writer.WriteString("id", id);
        writer.WriteString("createdAt", now.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteString("prompt", request.Request.Prompt);
        writer.WriteString("composedPrompt", request.Prompt);
        writer.WriteString("model", request.Model.Id);
        StoredJson.WriteText(writer, "aspectRatio", request.Call.AspectRatio);
        StoredJson.WriteText(writer, "size", request.Size);
        writer.WriteString("requestHash", request.RequestHash);
        StoredJson.WriteText(writer, "parent", request.Request.Source?.Sha256);
        StoredJson.WriteText(writer, "outFile", place.File is null ? null : Path.GetFileName(place.File));
        StoredJson.WriteText(writer, "stem", place.Stem);
        Sidecar.WriteReferences(writer, request.AllReferences);
        writer.WritePropertyName("conversation");
        ConversationJson.Write(writer, new Conversation(request.Model.Id, request.Call.Contents));
        writer.WriteEndObject();
    }

    private static PendingAnswer? TryRead(string path, string folder)
    {
        var store = new BlobStore(folder);
        try
        {
            using Stream stream = Disk.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream, StoredJson.Options);
            JsonElement json = document.RootElement;
            if (json.GetProperty("pending").GetInt32() > Version) return null;
            return new PendingAnswer
            {
                Id = json.GetProperty("id").GetString()!,
                CreatedAt = StoredJson.Time(json, "createdAt") ?? default,
                Prompt = json.GetProperty("prompt").GetString()!,
                ComposedPrompt = StoredJson.Text(json, "composedPrompt") ?? "",
                Model = json.GetProperty("model").GetString()!,
                AspectRatio = StoredJson.Text(json, "aspectRatio"),
                Size = StoredJson.Text(json, "size"),
                RequestHash = StoredJson.Text(json, "requestHash") ?? "",
                Parent = StoredJson.Text(json, "parent"),
                // Only a name is read, not a path: a folder from somebody else must not refer to files outside it.
                OutFile = StoredJson.Text(json, "outFile") is { } file
                    ? Path.Combine(folder, Path.GetFileName(file)) : null,
                Stem = StoredJson.Text(json, "stem") is { } stem ? Path.GetFileName(stem) : null,
                References = json.TryGetProperty("references", out JsonElement references)
                    ? [.. references.EnumerateArray().Select(one => Sidecar.ReadReference(one, store.Get))] : [],
                Contents = ConversationJson.Read(json.GetProperty("conversation"), store.Get).Turns,
                Folder = folder,
            };
        }
        catch (Exception e) when (StoredJson.IsMalformed(e) || Disk.IsRefusal(e))
        {
            return null;
        }
    }
}
