using System.Text.Json;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>Anchors in a folder that can be committed and shared: <c>kael.anchor.json</c> names its pictures by hash;
/// the picture files are in <c>pictures/</c>.</summary>
/// <remarks>A picture that several anchors use is stored once. Any number of processes may use one library.</remarks>
/// <param name="folder">Full path; it need not exist before something is saved.</param>
public sealed class AnchorLibrary(string folder)
{
    private const string Extension = ".anchor.json";
    private const int Version = 1;

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; } = SameName.Existing(folder);

    private string Pictures => Path.Combine(Folder, "pictures");

    /// <summary>Names of the anchors by their files, in order; none when there is no such folder.</summary>
    public IReadOnlyList<string> Names => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder, "*" + Extension)
            .Select(path => Path.GetFileName(path)[..^Extension.Length])
            .Order(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Reads an anchor; null when the library has none of that name.</summary>
    /// <exception cref="NbException">Its file cannot be read, or a picture is missing or has changed.</exception>
    public Anchor? Find(string name)
    {
        string path = PathOf(name);
        if (!Anchor.IsName(name) || !File.Exists(path)) return null;
        Inside.Check(Folder, path);
        try
        {
            using Stream stream = Disk.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            JsonElement json = document.RootElement;
            int version = json.GetProperty("format").GetInt32();
            if (version > Version) throw ImageErrors.SidecarNewer(path, version);
            return Read(json);
        }
        catch (Exception e) when (StoredJson.IsMalformed(e) || Disk.IsRefusal(e))
        {
            throw AnchorErrors.FileInvalid(path, e);
        }
    }

    /// <summary>Saves an anchor, replacing one of the same name; pictures that no anchor uses any more are
    /// removed.</summary>
    /// <returns>The anchor as stored in the library.</returns>
    /// <exception cref="NbException">The folder cannot be written, or a picture cannot be read.</exception>
    public Anchor Save(Anchor anchor)
    {
        string path = PathOf(anchor.Name);
        Locked(path, () =>
        {
            if (File.Exists(path) && !IsOurs(path)) throw FileErrors.Foreign(path);
            Directory.CreateDirectory(Pictures);
            // Pictures are written first, so that an anchor's file never names a missing picture.
            foreach (Picture picture in anchor.Pictures) Keep(picture);
            AtomicFile.Write(path, Temporary, overwrite: true, stream => Write(stream, anchor));
            RemoveOrphans();
        });
        return Find(anchor.Name)!;
    }

    /// <summary>Removes an anchor, and the pictures that no other anchor uses.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="NbException">The folder cannot be written.</exception>
    public bool Remove(string name)
    {
        string path = PathOf(name);
        if (!Anchor.IsName(name) || !File.Exists(path)) return false;
        Locked(path, () =>
        {
            File.Delete(path);
            RemoveOrphans();
        });
        return true;
    }

    private string Temporary => Path.Combine(Folder, BlobStore.FolderName, "tmp");

    // Some file systems ignore case, so names that differ only in case are the same anchor everywhere.
    private string PathOf(string name) =>
        SameName.Existing(Path.Combine(Folder, name.ToLowerInvariant() + Extension));

    private string PathOf(string sha256, PictureFormat format) => Path.Combine(Pictures, sha256 + format.Extension);

    private void Locked(string path, Action change)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            Inside.CheckStore(Folder);
            Inside.Check(Folder, Pictures);
            using FolderLock held = FolderLock.Exclusive(Folder);
            change();
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    private void Keep(Picture picture)
    {
        string path = PathOf(picture.Data.Sha256, picture.Format);
        if (File.Exists(path) && new FileInfo(path).Length == picture.Length) return;
        AtomicFile.Write(path, Temporary, overwrite: true, picture.Data.CopyTo);
    }

    private void RemoveOrphans()
    {
        if (!Directory.Exists(Pictures)) return;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(Folder, "*" + Extension))
        {
            // An unreadable anchor file may name any picture, so nothing is removed.
            if (!TryReadHashes(path, named)) return;
        }
        foreach (string picture in Directory.EnumerateFiles(Pictures))
        {
            // Only files with names given by Keep are removed: the folder may hold the user's own pictures.
            string hash = Path.GetFileNameWithoutExtension(picture);
            bool isOurs = Blob.IsSha256(hash) && ImageFile.HasImageExtension(picture)
                && new FileInfo(picture).LinkTarget is null;
            if (isOurs && !named.Contains(hash)) File.Delete(picture);
        }
    }

    // A file of this library states its format; a damaged one still begins like one.
    private static bool IsOurs(string path)
    {
        string text = Disk.HasNoBytes(path) ? "" : File.ReadAllText(path).TrimStart();
        return text.Length == 0
            || (text[0] == '{' && text[1..].TrimStart().StartsWith("\"format\"", StringComparison.Ordinal));
    }

    private static bool TryReadHashes(string path, HashSet<string> hashes)
    {
        try
        {
            using Stream stream = Disk.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            foreach (JsonElement picture in document.RootElement.GetProperty("pictures").EnumerateArray())
            {
                hashes.Add(StoredJson.Required(picture, "sha256"));
            }
            return true;
        }
        catch (Exception e) when (StoredJson.IsMalformed(e))
        {
            return false;
        }
    }

    private static void Write(Stream stream, Anchor anchor)
    {
        using var writer = new Utf8JsonWriter(stream, StoredJson.Writing);
        writer.WriteStartObject();
        writer.WriteNumber("format", Version);
        writer.WriteString("name", anchor.Name);
        writer.WriteString("role", anchor.Role.ToString());
        if (anchor.Description is { } description) writer.WriteString("description", description);
        writer.WriteStartArray("pictures");
        foreach (Picture picture in anchor.Pictures)
        {
            writer.WriteStartObject();
            writer.WriteString("name", picture.Name);
            writer.WriteString("mimeType", picture.Format.MimeType);
            StoredJson.WriteBlob(writer, picture.Data);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private Anchor Read(JsonElement json)
    {
        string name = StoredJson.Required(json, "name");
        string role = StoredJson.Required(json, "role");
        if (!Enum.TryParse(role, ignoreCase: true, out ReferenceRole known) || !Enum.IsDefined(known))
        {
            throw new FormatException($"'{role}' is not a role.");
        }
        string? description = json.TryGetProperty("description", out JsonElement words) ? words.GetString() : null;
        Picture[] pictures = [.. json.GetProperty("pictures").EnumerateArray().Select(ReadPicture)];
        return Anchor.Create(name, known, description, pictures) with { Library = Folder };
    }

    private Picture ReadPicture(JsonElement json)
    {
        string sha256 = StoredJson.Required(json, "sha256");
        string type = StoredJson.Required(json, "mimeType");
        PictureFormat format = PictureFormat.OfMimeType(type)
            ?? throw new FormatException($"'{type}' is not an image type.");
        if (!Blob.IsSha256(sha256)) throw new FormatException($"'{sha256}' is no SHA-256.");
        string path = PathOf(sha256, format);
        Inside.Check(Folder, path);
        if (!File.Exists(path)) throw AnchorErrors.PictureMissing(path);
        Blob data = Blob.FromFile(path, sha256);
        // Uploads are found by hash, so a picture whose bytes have changed must not keep the old hash.
        data.Verify();
        return new Picture(data, format, json.GetProperty("name").GetString() ?? data.ToString());
    }
}
