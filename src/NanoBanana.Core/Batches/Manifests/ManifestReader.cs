using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NanoBanana.Storage;
using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Batches.Manifests;

/// <summary>Reads the file forms of a manifest: a JSON object, a JSON list of items, or JSON lines.</summary>
internal static class ManifestReader
{
    private const string Table = "a table (CSV)";

    private static readonly JsonReaderOptions Options =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static Manifest Read(string path)
    {
        byte[] text = ReadText(path);
        var binder = new ManifestBinder(Path.GetFileName(path), names: false);
        bool isLines = Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".ndjson";
        var manifest = new Manifest { Path = path, BaseFolder = Path.GetDirectoryName(path)!, Items = [] };
        return binder.Finish(isLines ? FromLines(text, path, binder, manifest)
            : FromDocument(text, path, binder, manifest));
    }

    private static Manifest FromDocument(byte[] text, string path, ManifestBinder binder, Manifest manifest)
    {
        ManifestValue root = Parse(text, path, new LineMap(text), firstLine: 1);
        return root.List is { } items
            ? manifest with { Items = [.. items.Select(binder.Item)] }
            : binder.Document(root, manifest);
    }

    // A line is an item; a line with defaults, anchors or the like applies to all items instead.
    private static Manifest FromLines(byte[] text, string path, ManifestBinder binder, Manifest manifest)
    {
        var items = ImmutableArray.CreateBuilder<ManifestItem>();
        int number = 0;
        for (int start = 0; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? text.AsSpan(start) : text.AsSpan(start, length);
            start += line.Length + 1;
            number++;
            if (line.Trim(" \t\r"u8).IsEmpty) continue;
            ManifestValue value = Parse(line.ToArray(), path, new LineMap(line, number), number);
            if (IsHead(value)) manifest = binder.Document(value, manifest);
            else items.Add(binder.Item(value));
        }
        return manifest with { Items = manifest.Items.AddRange(items) };
    }

    private static bool IsHead(ManifestValue line)
    {
        if (line.Fields is not { } fields) return false;
        // An item may have the user's own columns, with any name.
        bool isItem = Has("name") || Has("prompt") || Has("edit");
        if (!isItem && (Has("edition") || Has("webhooks") || Has("webhook") || Has("api"))) return true;
        if (fields.Count > 0 && fields.All(field => ManifestWords.IsOption(field.Key))) return true;
        return fields.Any(field => field.Value.Content is not string
            && (Same(field.Key, "defaults") || Same(field.Key, "localize") || Same(field.Key, "matrix")
            || (Same(field.Key, "anchors") && field.Value.List?.Any(a => a.Fields is not null) == true)));

        bool Has(string name) => fields.Any(field => Same(field.Key, name));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static ManifestValue Parse(byte[] text, string path, LineMap lines, int firstLine)
    {
        var reader = new Utf8JsonReader(text, Options);
        try
        {
            reader.Read();
            ManifestValue value = ManifestValue.Read(ref reader, lines);
            // Text after the value is read too, so that a mistake there is found.
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            var position = new TextPosition(firstLine + (int)(e.LineNumber ?? 0), (int)(e.BytePositionInLine ?? 0) + 1);
            throw OtherForm(path, text) is var (form, advice) ? ManifestErrors.OtherForm(path, form, advice, e)
                : ManifestErrors.InvalidJson(path, position, e);
        }
        catch (InvalidOperationException e)
        {
            // A text in it is not valid UTF-8.
            throw ManifestErrors.InvalidJson(path, lines.PositionOf(reader.TokenStartIndex), e,
                "Save the manifest as UTF-8: it has bytes that are not.");
        }
    }

    // Advice for another kind of file given in place of JSON; null for JSON with a mistake in it.
    private static (string Form, string Advice)? OtherForm(string path, byte[] text)
    {
        string first = Encoding.UTF8.GetString(text).Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.Length > 0) ?? "";
        if (first is ['{' or '[', ..]) return null;
        string name = Path.GetFileName(path);
        bool isYaml = Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml"
            || first.StartsWith("- ", StringComparison.Ordinal)
            || first.StartsWith("---", StringComparison.Ordinal)
            || (first.Contains(':', StringComparison.Ordinal) && first.IndexOfAny([',', ';', '\t']) < 0);
        if (isYaml)
        {
            return ("YAML", Filled("{way:convertYaml}.", name));
        }
        if (first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)
            || first.Contains(';', StringComparison.Ordinal))
        {
            return (Table, TableHint.Of(first)!);
        }
        if (first.IndexOfAny([',', '\t']) < 0) return null;
        bool hasCommas = first.Contains(',', StringComparison.Ordinal);
        return (Table, Filled(hasCommas ? "{way:runTable}." : "{way:runTabbedTable}.", name));
    }

    // UTF-8 without a byte order mark is assumed, but Windows PowerShell writes UTF-16 by default.
    private static byte[] ReadText(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return bytes switch
            {
                [0xEF, 0xBB, 0xBF, ..] => bytes[3..],
                [0xFF, 0xFE, ..] => Encoding.Convert(Encoding.Unicode, Encoding.UTF8, bytes, 2, bytes.Length - 2),
                [0xFE, 0xFF, ..] =>
                    Encoding.Convert(Encoding.BigEndianUnicode, Encoding.UTF8, bytes, 2, bytes.Length - 2),
                _ => bytes,
            };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.NotFound(path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
    }
}
