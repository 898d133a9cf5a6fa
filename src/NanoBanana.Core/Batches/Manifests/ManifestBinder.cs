using System.Collections.Immutable;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Manifests;

/// <summary>Turns values into a manifest. Continues after a mistake, so that all mistakes are reported
/// together.</summary>
/// <param name="source">Name of the file, for errors; null when there is none.</param>
/// <param name="names">Whether an item without a name gets one.</param>
internal sealed class ManifestBinder(string? source, bool names)
{
    private static readonly Dictionary<string, ItemSetter> ItemProperties =
        new()
        {
            ["name"] = (b, item, v) => item with { Name = b._fields.Text(v) ?? "" },
            ["prompt"] = (b, item, v) => item with { Prompt = b._fields.Text(v) },
            ["from"] = (b, item, v) =>
                b.Picture(v) is { } source ? item with { From = source.Path, FromSha256 = source.Sha256 } : item,
            ["edit"] = (b, item, v) => item with { Edit = b._fields.Text(v) },
            ["anchors"] = (b, item, v) => item with { Anchors = b._fields.Texts(v, ";,") },
            ["references"] = (b, item, v) =>
                item with { References = [.. Several(v, b.Reference)] },
            ["depends"] = (b, item, v) =>
                item with { Depends = [.. Several(v, b.Picture)] },
            ["cell"] = (b, item, v) => item with { Cell = b._fields.Pairs(v) },
            ["outFile"] = (b, item, v) => item with { OutFile = b._fields.Text(v) },
        };

    private readonly ManifestFields _fields = new(source);
    private readonly List<MatrixAxis> _axes = [];
    private readonly List<ManifestLocalization> _localizations = [];
    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the fields of a document to a manifest.</summary>
    public Manifest Document(ManifestValue value, Manifest manifest)
    {
        if (value.Fields is not { } fields)
        {
            _fields.ReportType(value, "The manifest", "an object with items, or a list of items");
            return manifest;
        }
        var beside = new ManifestItem { Name = "" };
        foreach ((string property, ManifestValue field) in _fields.Known(fields, ManifestWords.Document))
        {
            if (ManifestWords.Options.TryGetValue(property, out RequestOption? option))
            {
                beside = option.With(beside, _fields.Option(option, field));
                continue;
            }
            manifest = property switch
            {
                "api" => manifest with { Api = Api(field) },
                "edition" => manifest with { Edition = Edition(field) },
                "matrix" => Varied(manifest, field),
                "webhooks" => manifest with { Webhooks = _fields.Texts(field, "") },
                "defaults" => manifest with { Defaults = Defaults(field) },
                "anchors" => manifest with { Anchors =
                    [.. manifest.Anchors, .. ManifestFields.Items(field).Select(Anchor).OfType<ManifestAnchor>()] },
                "localize" => Localized(manifest, field),
                _ => manifest with { Items = [.. manifest.Items, .. ManifestFields.Items(field).Select(Item)] },
            };
            _fields.Subject = "the manifest";
        }
        return manifest with
        {
            Defaults = RequestOptionTable.All
                .Where(option => option.Of(beside) is not null && option.Of(manifest.Defaults) is null)
                .Aggregate(manifest.Defaults, (defaults, option) => option.Copy(beside, defaults)),
        };
    }

    // Localizations are read last, because their items are made from the others.
    private Manifest Localized(Manifest manifest, ManifestValue value)
    {
        foreach (ManifestValue one in ManifestFields.Items(value))
        {
            _fields.Subject = "'localize'";
            if (one.Fields is not { } fields)
            {
                _fields.ReportType(one, "'localize'", "an object with languages and text");
                continue;
            }
            var localization = new ManifestLocalization
            {
                Options = new ManifestItem { Name = "", Position = one.Position },
            };
            foreach ((string property, ManifestValue field) in _fields.Known(fields, ManifestWords.Localization))
            {
                localization = property switch
                {
                    "from" => localization with { From = _fields.Texts(field, ";") },
                    "languages" => localization with { Languages = _fields.Texts(field, ";,") },
                    "keys" => localization with { Keys = _fields.Texts(field, ";,") },
                    "text" => localization with { Text = field.ToPlain() },
                    "sourceLanguage" => localization with { SourceLanguage = _fields.Text(field) },
                    "template" => localization with { Template = _fields.Text(field) },
                    _ => localization with { Options = ManifestWords.Options[property] is var option
                        ? option.With(localization.Options, _fields.Option(option, field)) : localization.Options },
                };
            }
            if (localization.Text is null) _fields.ReportMissing(one, "'localize'", "text");
            else _localizations.Add(localization);
        }
        return manifest;
    }

    private Manifest Varied(Manifest manifest, ManifestValue value)
    {
        _fields.Subject = "'matrix'";
        if (value.Fields is not { } fields)
        {
            _fields.ReportType(value, "'matrix'", "an object with a list of values for each axis");
            return manifest;
        }
        _axes.AddRange(fields.Where(axis => !axis.Key.StartsWith('$'))
            .Select(axis => new MatrixAxis(axis.Key, _fields.Texts(axis.Value, ";"))));
        return manifest;
    }

    /// <summary>An item with an option set to the value of a table cell.</summary>
    /// <exception cref="NbException">The value is of the wrong sort.</exception>
    public static ManifestItem With(ManifestItem item, RequestOption option, string value)
    {
        (ManifestItem row, _) = Manifest.ReadRow([KeyValuePair.Create(option.Name, (object?)value)]);
        return option.Copy(row, item);
    }

    private string? Edition(ManifestValue value)
    {
        _fields.Subject = "the manifest";
        return _fields.Try(() => BatchEdition.Checked(_fields.Text(value)), null);
    }

    private ModelApi? Api(ManifestValue value) => _fields.Try(
        () => value.Content is string name ? ServiceSettings.ParseApi(name, "api") : (ModelApi?)null, null);

    /// <summary>Reads one item.</summary>
    public ManifestItem Item(ManifestValue value)
    {
        _fields.Subject = "an item";
        _fields.Property = "prompt";
        var item = new ManifestItem { Name = "", Position = value.Position };
        if (value.Content is string) item = item with { Prompt = _fields.Text(value) };
        else item = Bind(item, value);
        if (string.IsNullOrWhiteSpace(item.Name))
        {
            return names || value.Content is string ? item with { Name = NameFor(item) } : item;
        }
        _given.Add(item.Name);
        return item;
    }

    /// <summary>The warnings about one row, after it was read.</summary>
    /// <exception cref="NbException">Anything was wrong.</exception>
    public ImmutableArray<string> Finish(ManifestItem row)
    {
        _fields.Finish(problems =>
        {
            if (row.Name.Length > 0 && ItemPath.Problem(row, "") is { } problem) problems.Add(problem);
        });
        return [.. _fields.Warnings];
    }

    /// <summary>Checks what can be checked without opening any picture.</summary>
    /// <exception cref="NbException">Anything was wrong.</exception>
    public Manifest Finish(Manifest manifest)
    {
        _fields.Finish(problems =>
        {
            ImmutableArray<ManifestItem> written = manifest.Items;
            written = _fields.Try(() => ManifestMatrix.Expand(written, [.. _axes]), written);
            manifest = manifest with
            {
                Items = [.. written, .. _localizations.SelectMany(localization =>
                    _fields.Try(() => localization.Items(written, manifest.TableAt).ToArray(), []))],
            };
            ManifestChecker.Check(manifest, source, problems);
        });
        return manifest with { Warnings = [.. manifest.Warnings, .. _fields.Warnings] };
    }

    private ManifestItem Defaults(ManifestValue value)
    {
        _fields.Subject = "the defaults";
        ManifestItem defaults = Bind(new ManifestItem { Name = "" }, value);
        foreach (string own in ManifestWords.OwnProperties)
        {
            if (value.Fields?.Any(field => Same(field.Key, own)) == true)
            {
                _fields.Warn(value, $"The defaults hold '{own}', which only an item can have; it is left out.");
            }
        }
        return defaults with { Name = "", Prompt = null, From = null, Edit = null, OutFile = null };
    }

    private ManifestItem Bind(ManifestItem item, ManifestValue value)
    {
        if (value.Fields is not { } fields)
        {
            _fields.ReportType(value, _fields.Capitalized, "an object");
            return item;
        }
        if (fields.FirstOrDefault(field => Same(field.Key, "name")).Value?.Content is string name)
        {
            _fields.Subject = $"the item '{name}'";
        }
        foreach ((string property, ManifestValue field) in _fields.Known(fields, ManifestWords.Item))
        {
            item = ManifestWords.Options.TryGetValue(property, out RequestOption? option)
                ? option.With(item, _fields.Option(option, field))
                : ItemProperties[property](this, item, field);
        }
        return item;
    }

    private ManifestAnchor? Anchor(ManifestValue value)
    {
        _fields.Subject = "an anchor";
        if (value.Fields is not { } fields)
        {
            _fields.ReportType(value, "An anchor", "an object with name and path");
            return null;
        }
        string? name = null, description = null;
        var role = ReferenceRole.Character;
        var pictures = ImmutableArray.CreateBuilder<ManifestPicture>();
        foreach ((string property, ManifestValue field) in _fields.Known(fields, ManifestWords.Anchor))
        {
            switch (property)
            {
                case "name":
                    name = _fields.Text(field);
                    _fields.Subject = $"the anchor '{name}'";
                    break;
                case "description":
                    description = _fields.Text(field);
                    break;
                case "role":
                    role = Role(field);
                    break;
                case "path":
                    pictures.AddRange(Several(field, Picture));
                    break;
            }
        }
        if (string.IsNullOrWhiteSpace(name)) _fields.ReportMissing(value, "An anchor", "name");
        else if (pictures.Count == 0) _fields.ReportMissing(value, $"The anchor '{name}'", "path");
        else return new ManifestAnchor(name, role, description, pictures.ToImmutable()) { Position = value.Position };
        return null;
    }

    private static IEnumerable<T> Several<T>(ManifestValue value, Func<ManifestValue, T?> read)
        where T : class => ManifestFields.Items(value, ";").Select(read).OfType<T>();

    private ManifestPicture? Picture(ManifestValue value) => Reference(value, ManifestWords.Picture)?.Picture;

    private ManifestReference? Reference(ManifestValue value) => Reference(value, ManifestWords.Reference);

    private ManifestReference? Reference(ManifestValue value, Vocabulary known)
    {
        if (value.Fields is not { } fields)
        {
            return _fields.Text(value) is { } text
                && IsPath(value, text) ? new ManifestReference(new ManifestPicture(text)) : null;
        }
        var reference = new ManifestReference(new ManifestPicture(""));
        foreach ((string property, ManifestValue field) in _fields.Known(fields, known))
        {
            reference = property switch
            {
                "path" => reference with { Picture = reference.Picture with { Path = _fields.Text(field) ?? "" } },
                "sha256" => reference with { Picture = reference.Picture with { Sha256 = _fields.Text(field) } },
                "mimeType" => reference with { Picture = reference.Picture with { MimeType = _fields.Text(field) } },
                "role" => reference with { Role = Role(field) },
                "name" => reference with { Name = _fields.Text(field) },
                _ => reference with { Description = _fields.Text(field) },
            };
        }
        if (reference.Picture.Path.Length > 0) return IsPath(value, reference.Picture.Path) ? reference : null;
        _fields.ReportMissing(value, $"A picture of {_fields.Subject}", "path");
        return null;
    }

    private bool IsPath(ManifestValue value, string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal)) return true;
        _fields.ReportType(value, $"A picture of {_fields.Subject}", "the path of a file");
        return false;
    }

    private ReferenceRole Role(ManifestValue value)
    {
        string text = _fields.Text(value) ?? "";
        if (!int.TryParse(text, out _) && Enum.TryParse(text, ignoreCase: true, out ReferenceRole role)) return role;
        _fields.ReportType(value, $"The role of {_fields.Subject}",
            string.Join(", ", Enum.GetNames<ReferenceRole>()));
        return ReferenceRole.Image;
    }

    private string NameFor(ManifestItem item)
    {
        string stem = item.OutFile is { } file ? Path.GetFileNameWithoutExtension(file) : ImageFile.StemOf(item.Words);
        if (stem.Length == 0) stem = "item";
        string name = stem;
        for (int number = 2; !_given.Add(name); number++) name = FormattableString.Invariant($"{stem}-{number}");
        return name;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private delegate ManifestItem ItemSetter(ManifestBinder binder, ManifestItem item, ManifestValue value);
}
