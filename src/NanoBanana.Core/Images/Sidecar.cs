using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>The file <c>fox.jpg.nb.json</c> beside an image, with its record. Blobs are named by hash and are in the
/// folder's store.</summary>
internal static class Sidecar
{
    public const string Extension = ".nb.json";

    public const int Version = 2;

    public static string PathFor(string imagePath) => SameName.Existing(imagePath + Extension);

    public static void Write(Stream stream, NbImage image)
    {
        using Utf8JsonWriter writer = JsonText.WriterOver(stream, StoredJson.Writing);
        writer.WriteStartObject();
        writer.WriteNumber("format", Version);
        writer.WriteStartObject("image");
        writer.WriteString("file", Path.GetFileName(image.Path));
        writer.WriteString("mimeType", image.MimeType);
        StoredJson.WriteBlob(writer, image.Data);
        writer.WriteNumber("width", image.Width);
        writer.WriteNumber("height", image.Height);
        writer.WriteEndObject();
        // Values in the conversation are not repeated.
        if (image.Provenance is { } own && !ReferenceEquals(own, image.Answer?.Provenance))
        {
            ProvenanceJson.Write(writer, own, image.Conversation?.Model);
        }
        NbImage plain = image with { ComposedPrompt = null, Text = null!, Thoughts = null!, Anchors = default };
        if (image.ComposedPrompt != plain.ComposedPrompt)
        {
            StoredJson.WriteText(writer, "composedPrompt", image.ComposedPrompt);
        }
        if (image.Text != plain.Text) StoredJson.WriteText(writer, "text", image.Text);
        if (image.Thoughts != plain.Thoughts) StoredJson.WriteText(writer, "thoughts", image.Thoughts);
        StoredJson.WriteTexts(writer, "warnings", image.Warnings);
        if (!image.Anchors.SequenceEqual(plain.Anchors)) StoredJson.WriteTexts(writer, "anchors", image.Anchors);
        StoredJson.WriteText(writer, "parent", image.ParentSha256);
        ImageVerdictJson.Write(writer, image.Verdict);
        if (image.Derivation is { } derivation) WriteDerivation(writer, derivation);
        if (!image.References.IsEmpty) WriteReferences(writer, image.References);
        if (image.Conversation is { } conversation)
        {
            writer.WritePropertyName("conversation");
            ConversationJson.Write(writer, conversation);
        }
        writer.WriteEndObject();
    }

    /// <summary>Adds what the sidecar at <paramref name="path"/> says to a foreign image.</summary>
    /// <exception cref="NbException">The sidecar is unreadable or from a newer version.</exception>
    public static NbImage Read(string path, NbImage image, BlobStore store) =>
        Read(path, json => Read(json, image, store));

    /// <summary>Reads the conversation in the sidecar at <paramref name="path"/> without opening its blobs, or the
    /// record of a call without a picture.</summary>
    /// <exception cref="NbException">The sidecar is unreadable or from a newer version.</exception>
    public static (Conversation? Conversation, RefusedCall? Refused) ReadCalls(string path)
    {
        BlobStore store = BlobStore.Of(Path.GetDirectoryName(path)!);
        return Read(path, json => (json.TryGetProperty("conversation", out JsonElement conversation)
            ? ConversationJson.Read(conversation, store.Get) : null, RefusedCall.Read(json)));
    }

    /// <summary>Whether the sidecar is that of a text answer.</summary>
    public static bool IsOfWords(string path)
    {
        try
        {
            return Read(path, json => json.TryGetProperty("image", out JsonElement image)
                && StoredJson.Text(image, "mimeType") == PictureFormat.Words.MimeType);
        }
        catch (NbException)
        {
            return false;
        }
    }

    /// <summary>Reads the verdict and the hash of the picture; the verdict is null when it was not checked.</summary>
    /// <exception cref="NbException">The sidecar is unreadable or from a newer version.</exception>
    public static (ImageVerdict? Verdict, string? Sha256) ReadVerdict(string path) => Read(path, json =>
        (ImageVerdictJson.Read(json), json.GetProperty("image").GetProperty("sha256").GetString()));

    /// <summary>Finds the sidecar of a picture, under its name or the name it had before it was renamed; null when
    /// there is none.</summary>
    /// <param name="path">Full path of the picture.</param>
    /// <param name="data">Its bytes.</param>
    public static string? Find(string path, Blob data) =>
        File.Exists(PathFor(path)) ? PathFor(path) : OfRenamed(path, data);

    /// <summary>Finds the sidecar that a renamed picture has left behind in its folder: the file it names is gone, and
    /// the bytes are the same.</summary>
    /// <param name="path">Full path of the picture.</param>
    /// <param name="data">Its bytes.</param>
    private static string? OfRenamed(string path, Blob data)
    {
        string folder = Path.GetDirectoryName(path)!;
        // Only folders with a store have sidecars to search.
        if (!Directory.Exists(Path.Combine(folder, BlobStore.FolderName))) return null;
        return Directory.EnumerateFiles(folder, "*" + Extension)
            .FirstOrDefault(sidecar => !File.Exists(sidecar[..^Extension.Length]) && TellsOf(sidecar, data));
    }

    /// <summary>Whether a sidecar belongs to a picture with those bytes.</summary>
    public static bool TellsOf(string sidecar, Blob data)
    {
        try
        {
            // The length is compared first, so that a picture is not hashed for a sidecar that cannot be its own.
            return Read(sidecar, json => json.GetProperty("image").GetProperty("length").GetInt64() == data.Length
                && json.GetProperty("image").GetProperty("sha256").GetString() == data.Sha256);
        }
        catch (NbException)
        {
            return false;
        }
    }

    private static T Read<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            using Stream stream = Disk.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream, StoredJson.Options);
            JsonElement json = document.RootElement;
            int version = json.GetProperty("format").GetInt32();
            return version > Version ? throw ImageErrors.SidecarNewer(path, version) : read(json);
        }
        catch (Exception e) when (StoredJson.IsMalformed(e) || Disk.IsRefusal(e))
        {
            throw ImageErrors.SidecarInvalid(path, e.Message, e);
        }
    }

    private static NbImage Read(JsonElement json, NbImage image, BlobStore store)
    {
        string recorded = json.GetProperty("image").GetProperty("sha256").GetString() is { } hash && Blob.IsSha256(hash)
            ? hash : throw new FormatException("It does not say the SHA-256 of its image.");
        // The picture itself is not stored twice. If it was changed, its conversation cannot be continued; an edit
        // reports that, because the picture alone is still useful.
        Blob own = Blob.FromFile(image.Path!, recorded);
        Blob Find(string hash) => hash == recorded && !File.Exists(store.PathOf(hash)) ? own : store.Get(hash);

        Conversation? talk = json.TryGetProperty("conversation", out JsonElement conversation)
            ? SharedConversation.Read(conversation, Find, File.Exists(store.PathOf(recorded)) ? store : null)
            : null;
        NbImage read = image with
        {
            ComposedPrompt = StoredJson.Text(json, "composedPrompt"),
            Text = StoredJson.Text(json, "text")!,
            Thoughts = StoredJson.Text(json, "thoughts")!,
            Warnings = [.. StoredJson.Texts(json, "warnings")],
            References = json.TryGetProperty("references", out JsonElement references)
                ? [.. references.EnumerateArray().Select(reference => ReadReference(reference, Find))]
                : [],
            Anchors = json.TryGetProperty("anchors", out _)
                ? [.. StoredJson.Texts(json, "anchors")] : default,
            Provenance = ProvenanceJson.Find(json, talk?.Model),
            Conversation = talk,
            ParentSha256 = StoredJson.Text(json, "parent"),
            Derivation = json.TryGetProperty("derivation", out JsonElement derivation)
                ? new Derivation(
                    StoredJson.Text(derivation, "how")
                        ?? "", StoredJson.Text(derivation, "from"), StoredJson.Text(derivation, "fromFile"))
                : null,
            Verdict = ImageVerdictJson.Read(json),
            RecordedSha256 = recorded,
        };
        return json.GetProperty("format").GetInt32() > 1 ? read : WithOldProvenance(read, json);
    }

    // Format 1 repeats the last turn's provenance with the image's share of the cost; in older files it is only there.
    private static NbImage WithOldProvenance(NbImage image, JsonElement json)
    {
        Provenance told = ProvenanceJson.Read(json, image.Conversation?.Model);
        if (image.Conversation is not { Turns: [.., { Provenance: { } known } last] } talk)
        {
            return image with { Provenance = told };
        }
        Provenance whole = known with
        {
            Grounding = told.Grounding,
            Images = known.Cost is { } cost && told.Cost is { } share && share > 0
                ? (int)Math.Clamp(Math.Round(cost / share), 1, int.MaxValue) : known.Images,
        };
        return image with
        {
            Conversation = talk.Take(talk.Turns.Length - 1).Append(last with { Provenance = whole }),
        };
    }

    private static void WriteDerivation(Utf8JsonWriter writer, Derivation derivation)
    {
        writer.WriteStartObject("derivation");
        writer.WriteString("how", derivation.How);
        StoredJson.WriteText(writer, "from", derivation.From);
        StoredJson.WriteText(writer, "fromFile", derivation.FromFile);
        writer.WriteEndObject();
    }

    internal static void WriteReferences(Utf8JsonWriter writer, ImmutableArray<Reference> references)
    {
        writer.WriteStartArray("references");
        foreach (Reference reference in references)
        {
            writer.WriteStartObject();
            writer.WriteString("role", reference.Role.ToString());
            StoredJson.WriteText(writer, "name", reference.Name);
            StoredJson.WriteText(writer, "description", reference.Description);
            writer.WriteString("picture", reference.Picture.Name);
            if (reference.Picture.Address is { } address) writer.WriteString("uri", address);
            else StoredJson.WriteBlob(writer, reference.Picture.Data);
            writer.WriteString("mimeType", reference.Picture.Format.MimeType);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    internal static Reference ReadReference(JsonElement json, Func<string, Blob> find)
    {
        string type = StoredJson.Required(json, "mimeType");
        string name = StoredJson.Text(json, "picture") ?? "";
        Picture picture = StoredJson.Text(json, "uri") is { } address ? Picture.Recorded(address, type, name)
            : new Picture(find(StoredJson.Required(json, "sha256")),
                PictureFormat.OfMimeType(type) ?? PictureFormat.Png, name);
        ReferenceRole role = Enum.TryParse(StoredJson.Text(json, "role"), out ReferenceRole known)
            && Enum.IsDefined(known) ? known : ReferenceRole.Image;
        return new Reference(picture, role, StoredJson.Text(json, "name"), StoredJson.Text(json, "description"));
    }
}
