using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>Writes a manifest as JSON, its paths relative to another folder.</summary>
/// <param name="manifest">The manifest.</param>
/// <param name="folder">Full path of the folder for the file.</param>
/// <param name="pictures">The pictures that were opened.</param>
/// <param name="dependencies">The files that items depend on; null to hash them now.</param>
internal sealed class ManifestWriter(
    Manifest manifest, string folder, PictureLibrary pictures, Dependencies? dependencies = null)
{
    private const int MostPending = 64 * 1024;

    /// <summary>Name of the manifest that a batch keeps in its folder.</summary>
    public const string FileName = "batch.json";

    // Readers skip properties that begin with a dollar sign.
    private const string Mark = "$batch";

    private readonly Dependencies _dependencies = dependencies ?? new Dependencies(manifest);

    /// <summary>Whether this module wrote a manifest, not a person or another program.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read()
                && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Mark);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public void Write(Stream stream)
    {
        using Utf8JsonWriter writer = JsonText.WriterOver(stream, StoredJson.Writing);
        writer.WriteStartObject();
        writer.WriteNumber(Mark, 1);
        WriteText(writer, "api", manifest.Api?.ToString());
        WriteText(writer, "edition", manifest.Edition);
        if (!manifest.Webhooks.IsEmpty) WriteTexts(writer, "webhooks", manifest.Webhooks);
        writer.WritePropertyName("defaults");
        WriteItem(writer, manifest.Defaults);
        writer.WriteStartArray("anchors");
        foreach (ManifestAnchor anchor in manifest.Anchors)
        {
            writer.WriteStartObject();
            WriteText(writer, "name", anchor.Name);
            WriteText(writer, "role", anchor.Role.ToString());
            WriteText(writer, "description", anchor.Description);
            writer.WriteStartArray("paths");
            foreach (ManifestPicture picture in anchor.Pictures)
            {
                writer.WriteStartObject();
                WritePicture(writer, picture);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        HashSet<string> names = [.. manifest.Items.Select(item => item.Name)];
        writer.WriteStartArray("items");
        foreach (ManifestItem item in manifest.Items)
        {
            WriteItem(writer, item, isEditOfFile: item.From is { } from && !names.Contains(from));
            if (writer.BytesPending > MostPending) writer.Flush();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteItem(Utf8JsonWriter writer, ManifestItem item, bool isEditOfFile = false)
    {
        writer.WriteStartObject();
        if (item.Name.Length > 0) WriteText(writer, "name", item.Name);
        WriteText(writer, "prompt", item.Prompt);
        if (isEditOfFile)
        {
            writer.WriteStartObject("from");
            WritePicture(writer, new ManifestPicture(item.From!, pictures.HashOfSource(item)));
            writer.WriteEndObject();
        }
        else
        {
            WriteText(writer, "from", item.From);
        }
        WriteText(writer, "edit", item.Edit);
        WriteTexts(writer, "anchors", item.Anchors);
        if (item.References is { } references) WriteReferences(writer, references);
        if (item.Depends is { } depends) WriteDepends(writer, depends);
        foreach (RequestOption option in RequestOptionTable.All) 
        {
            object? value = option.Of(item);
            WriteOption(writer, option.Name, option.IsPath && value is string path ? Relative(path) : value);
        }
        WriteOption(writer, "cell", item.Cell);
        WriteText(writer, "outFile", item.OutFile);
        writer.WriteEndObject();
    }

    private void WriteReferences(Utf8JsonWriter writer, ImmutableArray<ManifestReference> references)
    {
        writer.WriteStartArray("references");
        foreach (ManifestReference reference in references)
        {
            writer.WriteStartObject();
            WritePicture(writer, reference.Picture);
            WriteText(writer, "role", reference.Role.ToString());
            WriteText(writer, "name", reference.Name);
            WriteText(writer, "description", reference.Description);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteDepends(Utf8JsonWriter writer, ImmutableArray<ManifestPicture> depends)
    {
        writer.WriteStartArray("depends");
        foreach (ManifestPicture file in depends)
        {
            writer.WriteStartObject();
            WriteText(writer, "path", Relative(file.Path));
            WriteText(writer, "sha256", _dependencies.HashOf(file));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WritePicture(Utf8JsonWriter writer, ManifestPicture picture)
    {
        bool isAddress = MediaAddress.IsAddress(picture.Path);
        WriteText(writer, "path", isAddress ? picture.Path : Relative(picture.Path));
        WriteText(writer, "sha256", isAddress ? null : pictures.HashOf(picture) ?? picture.Sha256);
        WriteText(writer, "mimeType", picture.MimeType);
    }

    private string Relative(string path) => Path.GetRelativePath(folder, manifest.Resolve(path)).Replace('\\', '/');

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) JsonText.Write(writer, name, text);
    }

    private static void WriteOption(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case string text:
                WriteText(writer, name, text);
                break;
            case ImmutableArray<string> texts:
                WriteTexts(writer, name, texts);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case double number:
                writer.WriteNumber(name, number);
                break;
            case IEnumerable<KeyValuePair<string, string>> pairs:
                writer.WriteStartObject(name);
                foreach ((string key, string text) in pairs) writer.WriteString(key, text);
                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string>? texts)
    {
        if (texts is not { } known) return;
        writer.WriteStartArray(name);
        foreach (string text in known) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
