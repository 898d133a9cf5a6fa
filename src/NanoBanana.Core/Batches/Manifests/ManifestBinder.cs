using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Batches;

/// <summary>Turns values into a manifest. Goes on after a mistake, so that all of them are told at once.</summary>
/// <param name="source">Name of the file, for errors; null when there is none.</param>
/// <param name="names">Whether an item without a name gets one.</param>
internal sealed class ManifestBinder(string? source, bool names)
{
    private static readonly Dictionary<string, Func<ManifestBinder, ManifestItem, ManifestValue, ManifestItem>> ItemProperties =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["name"] = (b, item, v) => item with { Name = b.Text(v) ?? "" },
            ["prompt"] = (b, item, v) => item with { Prompt = b.Text(v) },
            ["from"] = (b, item, v) => b.Picture(v) is { } source ? item with { From = source.Path, FromSha256 = source.Sha256 } : item,
            ["edit"] = (b, item, v) => item with { Edit = b.Text(v) },
            ["anchors"] = (b, item, v) => item with { Anchors = b.Texts(v, ";,") },
            ["references"] = (b, item, v) => item with { References = [.. Items(v, ";").Select(b.Reference).OfType<ManifestReference>()] },
            ["model"] = (b, item, v) => item with { Model = b.Text(v) },
            ["aspectRatio"] = (b, item, v) => item with { AspectRatio = b.Text(v) },
            ["size"] = (b, item, v) => item with { Size = b.Text(v) },
            ["grounding"] = (b, item, v) => item with { Grounding = b.Texts(v, ";,") },
            ["thinkingLevel"] = (b, item, v) => item with { ThinkingLevel = b.Text(v) },
            ["includeThoughts"] = (b, item, v) => item with { IncludeThoughts = b.Flag(v) },
            ["systemInstruction"] = (b, item, v) => item with { SystemInstruction = b.Text(v) },
            ["safetyThreshold"] = (b, item, v) => item with { SafetyThreshold = b.Texts(v, ";,") },
            ["imageOnly"] = (b, item, v) => item with { ImageOnly = b.Flag(v) },
            ["rebase"] = (b, item, v) => item with { Rebase = b.Flag(v) },
            ["seed"] = (b, item, v) => item with { Seed = b.Number(v) },
            ["outFile"] = (b, item, v) => item with { OutFile = b.Text(v) },
        };

    private static readonly string[] OwnProperties = ["name", "prompt", "from", "edit", "outFile"];
    private static readonly string[] DocumentProperties = ["defaults", "anchors", "items"];
    private static readonly string[] AnchorProperties = ["name", "path", "paths", "role", "description"];
    private static readonly string[] ReferenceProperties = ["path", "sha256", "role", "name", "description"];
    private static readonly string[] PictureProperties = ["path", "sha256"];

    private readonly List<NbException> _problems = [];
    private readonly List<string> _warnings = [];

    // A column that is spelled wrong is wrong in every row: told once.
    private readonly Dictionary<string, (int Warning, int Count)> _unknown = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is being read, for errors.</summary>
    private string _subject = "the manifest";

    /// <summary>Adds the fields of a document to a manifest.</summary>
    public Manifest Document(ManifestValue value, Manifest manifest)
    {
        if (value.Fields is not { } fields)
        {
            Report(NbErrors.ManifestWrongType(At(value), "The manifest", "an object with items, or a list of items"));
            return manifest;
        }
        foreach ((string name, ManifestValue field) in fields)
        {
            // The form of PowerShell and of JSON schema; both are harmless.
            if (name.StartsWith('$') || field.IsAbsent) continue;
            manifest = name.ToLowerInvariant() switch
            {
                "defaults" => manifest with { Defaults = Defaults(field) },
                "anchors" => manifest with { Anchors = [.. manifest.Anchors, .. Items(field).Select(Anchor).OfType<ManifestAnchor>()] },
                "items" => manifest with { Items = [.. manifest.Items, .. Items(field).Select(Item)] },
                _ => Unknown(name, field, DocumentProperties, manifest),
            };
        }
        return manifest;
    }

    /// <summary>Reads one item.</summary>
    public ManifestItem Item(ManifestValue value)
    {
        _subject = "an item";
        var item = new ManifestItem { Name = "", Position = value.Position };
        if (value.Content is string prompt) item = item with { Prompt = prompt };
        else item = Bind(item, value);
        if (string.IsNullOrWhiteSpace(item.Name)) return names || value.Content is string ? item with { Name = NameFor(item) } : item;
        _given.Add(item.Name);
        return item;
    }

    /// <summary>Checks what can be checked without opening any picture.</summary>
    /// <exception cref="NbException">Anything was wrong.</exception>
    public Manifest Finish(Manifest manifest)
    {
        ManifestChecker.Check(manifest, source, _problems);
        NbErrors.ThrowTogether(_problems, source);
        foreach ((int warning, int count) in _unknown.Values.Where(unknown => unknown.Count > 1))
        {
            _warnings[warning] += FormattableString.Invariant($" It stands in {count} places.");
        }
        return manifest with { Warnings = [.. manifest.Warnings, .. _warnings] };
    }

    private ManifestItem Defaults(ManifestValue value)
    {
        _subject = "the defaults";
        ManifestItem defaults = Bind(new ManifestItem { Name = "" }, value);
        foreach (string own in OwnProperties)
        {
            if (value.Fields?.Any(field => Same(field.Key, own)) == true)
            {
                _warnings.Add($"{At(value)}The defaults hold '{own}', which only an item can have; it is left out.");
            }
        }
        return defaults with { Name = "", Prompt = null, From = null, Edit = null, OutFile = null };
    }

    private ManifestItem Bind(ManifestItem item, ManifestValue value)
    {
        if (value.Fields is not { } fields)
        {
            Report(NbErrors.ManifestWrongType(At(value), Capital(_subject), "an object"));
            return item;
        }
        if (fields.FirstOrDefault(field => Same(field.Key, "name")).Value?.Content is string name)
        {
            _subject = $"the item '{name}'";
        }
        foreach ((string property, ManifestValue field) in fields)
        {
            if (!ItemProperties.TryGetValue(property, out var bind)) Unknown(property, field, ItemProperties.Keys, item);
            else if (!field.IsAbsent) item = bind(this, item, field);
        }
        return item;
    }

    private ManifestAnchor? Anchor(ManifestValue value)
    {
        _subject = "an anchor";
        if (value.Fields is not { } fields)
        {
            Report(NbErrors.ManifestWrongType(At(value), "An anchor", "an object with name and path"));
            return null;
        }
        string? name = null, description = null;
        var role = ReferenceRole.Character;
        var pictures = ImmutableArray.CreateBuilder<ManifestPicture>();
        foreach ((string property, ManifestValue field) in fields)
        {
            switch (property.ToLowerInvariant())
            {
                case "name":
                    name = Text(field);
                    _subject = $"the anchor '{name}'";
                    break;
                case "description":
                    description = Text(field);
                    break;
                case "role":
                    role = Role(field);
                    break;
                case "path" or "paths":
                    pictures.AddRange(Items(field, ";").Select(Picture).OfType<ManifestPicture>());
                    break;
                default:
                    Unknown(property, field, AnchorProperties, name);
                    break;
            }
        }
        if (string.IsNullOrWhiteSpace(name)) Report(NbErrors.ManifestMissingField(At(value), "An anchor", "name"));
        else if (pictures.Count == 0) Report(NbErrors.ManifestMissingField(At(value), $"The anchor '{name}'", "path"));
        else return new ManifestAnchor(name, role, description, pictures.ToImmutable()) { Position = value.Position };
        return null;
    }

    private ManifestPicture? Picture(ManifestValue value) => Picture(value, PictureProperties);

    private ManifestPicture? Picture(ManifestValue value, IReadOnlyCollection<string> known)
    {
        if (value.Fields is not { } fields) return Text(value) is { } text ? new ManifestPicture(text) : null;
        string? path = null, sha256 = null;
        foreach ((string property, ManifestValue field) in fields)
        {
            if (Same(property, "path")) path = Text(field);
            else if (Same(property, "sha256")) sha256 = Text(field);
            else if (!known.Contains(property, StringComparer.OrdinalIgnoreCase)) Unknown(property, field, known, path);
        }
        if (path is not null) return new ManifestPicture(path, sha256);
        Report(NbErrors.ManifestMissingField(At(value), $"A picture of {_subject}", "path"));
        return null;
    }

    private ManifestReference? Reference(ManifestValue value)
    {
        if (Picture(value, ReferenceProperties) is not { } picture) return null;
        var reference = new ManifestReference(picture);
        foreach ((string property, ManifestValue field) in value.Fields ?? [])
        {
            if (Same(property, "role")) reference = reference with { Role = Role(field) };
            else if (Same(property, "name")) reference = reference with { Name = Text(field) };
            else if (Same(property, "description")) reference = reference with { Description = Text(field) };
        }
        return reference;
    }

    private ReferenceRole Role(ManifestValue value)
    {
        string text = Text(value) ?? "";
        if (!int.TryParse(text, out _) && Enum.TryParse(text, ignoreCase: true, out ReferenceRole role)) return role;
        Report(NbErrors.ManifestWrongType(At(value), $"The role of {_subject}", string.Join(", ", Enum.GetNames<ReferenceRole>())));
        return ReferenceRole.Image;
    }

    // A list, or one value in its place; from a table, a text with separators.
    private static IEnumerable<ManifestValue> Items(ManifestValue value, string separators = "")
    {
        if (value.List is { } list) return list;
        if (value.Content is not string text) return [value];
        return text.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => value with { Content = part });
    }

    private ImmutableArray<string> Texts(ManifestValue value, string separators) =>
        [.. Items(value, separators).Select(Text).OfType<string>()];

    private string? Text(ManifestValue value)
    {
        switch (value.Content)
        {
            case string text:
                return text;
            // 512 is a size, and a number where nobody quotes it.
            case decimal number:
                return number.ToString(CultureInfo.InvariantCulture);
            case null:
                return null;
            default:
                Report(NbErrors.ManifestWrongType(At(value), $"A value of {_subject}", "a text"));
                return null;
        }
    }

    private bool? Flag(ManifestValue value)
    {
        if (value.Content is bool flag) return flag;
        if (value.Content is string text && bool.TryParse(text, out bool parsed)) return parsed;
        Report(NbErrors.ManifestWrongType(At(value), $"A value of {_subject}", "true or false"));
        return null;
    }

    private int? Number(ManifestValue value)
    {
        if (value.Content is decimal number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue) return (int)number;
        if (value.Content is string text && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int parsed)) return parsed;
        Report(NbErrors.ManifestWrongType(At(value), $"A value of {_subject}", "a whole number"));
        return null;
    }

    private string NameFor(ManifestItem item)
    {
        string stem = item.OutFile is { } file ? Path.GetFileNameWithoutExtension(file) : ImageFolder.StemOf(item.Words);
        if (stem.Length == 0) stem = "item";
        string name = stem;
        for (int number = 2; !_given.Add(name); number++) name = FormattableString.Invariant($"{stem}-{number}");
        return name;
    }

    private T Unknown<T>(string property, ManifestValue value, IEnumerable<string> known, T unchanged)
    {
        if (_unknown.TryGetValue(property, out (int Warning, int Count) seen))
        {
            _unknown[property] = seen with { Count = seen.Count + 1 };
            return unchanged;
        }
        _unknown.Add(property, (_warnings.Count, 1));
        string nearest = Nearest.To(property, known) is { } meant ? $" Did you mean '{meant}'?" : "";
        _warnings.Add($"{At(value)}{Capital(_subject)} has an unknown property '{property}', which is left out.{nearest}");
        return unchanged;
    }

    private void Report(NbException problem) => _problems.Add(problem);

    private string At(ManifestValue value) => NbErrors.Place(source, value.Position);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
