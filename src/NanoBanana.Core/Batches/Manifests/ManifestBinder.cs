using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Manifests;

/// <summary>Turns values into a manifest. Goes on after a mistake, so that all of them are told at once.</summary>
/// <param name="source">Name of the file, for errors; null when there is none.</param>
/// <param name="names">Whether an item without a name gets one.</param>
internal sealed class ManifestBinder(string? source, bool names)
{
    private static readonly Dictionary<string, ItemSetter> ItemProperties =
        new()
        {
            ["name"] = (b, item, v) => item with { Name = b.Text(v) ?? "" },
            ["prompt"] = (b, item, v) => item with { Prompt = b.Text(v) },
            ["from"] = (b, item, v) =>
                b.Picture(v) is { } source ? item with { From = source.Path, FromSha256 = source.Sha256 } : item,
            ["edit"] = (b, item, v) => item with { Edit = b.Text(v) },
            ["anchors"] = (b, item, v) => item with { Anchors = b.Texts(v, ";,") },
            ["references"] = (b, item, v) =>
                item with { References = [.. Items(v, ";").Select(b.Reference).OfType<ManifestReference>()] },
            ["depends"] = (b, item, v) =>
                item with { Depends = [.. Items(v, ";").Select(b.Picture).OfType<ManifestPicture>()] },
            ["cell"] = (b, item, v) => item with { Cell = b.Pairs(v) },
            ["outFile"] = (b, item, v) => item with { OutFile = b.Text(v) },
        };

    private static readonly Dictionary<string, RequestOption> Options =
        RequestOptionTable.All.ToDictionary(option => option.Name);

    private static readonly Vocabulary ItemVocabulary = ItemWords();

    private static readonly string[] OwnProperties = ["name", "prompt", "from", "edit", "outFile"];
    // An option beside the items can mean nothing but a default: to leave it out would pay for, or store, what was not
    // meant.
    private static readonly Vocabulary DocumentVocabulary = WithOptions(new Vocabulary(
        ["api", "edition", "matrix", "defaults", "anchors", "items", "localize", "webhooks", .. Options.Keys])
        .Accept("webhook", "webhooks"));
    private static readonly Vocabulary AnchorVocabulary = new Vocabulary("name", "path", "role", "description")
        .Accept("paths", "path");
    private static readonly Vocabulary ReferenceVocabulary =
        new("path", "sha256", "mimeType", "role", "name", "description");
    private static readonly Vocabulary LocalizeVocabulary = new Vocabulary(
        ["from", "languages", "text", "keys", "sourceLanguage", "template", .. Options.Keys])
        .Accept("language", "languages").Accept("key", "keys").Reject("text", "texts", "strings")
        .Reject("sourceLanguage", "original", "source");
    private static readonly Vocabulary PictureVocabulary = new("path", "sha256");

    /// <summary>What each part of a manifest may hold.</summary>
    public static IEnumerable<(string Part, Vocabulary Vocabulary)> Vocabularies =>
    [
        ("document", DocumentVocabulary),
        ("defaults", new Vocabulary([.. ItemVocabulary.Names.Except(OwnProperties)])),
        ("item", ItemVocabulary),
        ("anchor", AnchorVocabulary),
        ("reference", ReferenceVocabulary),
        ("picture", PictureVocabulary),
        ("localization", LocalizeVocabulary),
    ];

    private readonly List<NbException> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly List<MatrixAxis> _axes = [];
    private readonly List<ManifestLocalization> _localizations = [];
    private readonly UnknownProperties _unknown = new(source);
    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is being read, for errors.</summary>
    private string _subject = "the manifest";
    private string _property = "";

    /// <summary>Adds the fields of a document to a manifest.</summary>
    public Manifest Document(ManifestValue value, Manifest manifest)
    {
        if (value.Fields is not { } fields)
        {
            Report(ManifestErrors.WrongType(At(value), "The manifest", "an object with items, or a list of items"));
            return manifest;
        }
        var beside = new ManifestItem { Name = "" };
        foreach ((string property, ManifestValue field) in Known(fields, DocumentVocabulary))
        {
            if (Options.TryGetValue(property, out RequestOption? option))
            {
                beside = option.With(beside, OptionValue(option, field));
                continue;
            }
            manifest = property switch
            {
                "api" => manifest with { Api = Api(field) },
                "edition" => manifest with { Edition = Edition(field) },
                "matrix" => Varied(manifest, field),
                "webhooks" => manifest with { Webhooks = Texts(field, "") },
                "defaults" => manifest with { Defaults = Defaults(field) },
                "anchors" => manifest with { Anchors =
                    [.. manifest.Anchors, .. Items(field).Select(Anchor).OfType<ManifestAnchor>()] },
                "localize" => Localized(manifest, field),
                _ => manifest with { Items = [.. manifest.Items, .. Items(field).Select(Item)] },
            };
            _subject = "the manifest";
        }
        return manifest with
        {
            Defaults = RequestOptionTable.All
                .Where(option => option.Of(beside) is not null && option.Of(manifest.Defaults) is null)
                .Aggregate(manifest.Defaults, (defaults, option) => option.Copy(beside, defaults)),
        };
    }

    /// <summary>Whether a name is an option, which stands beside the items as well as in one.</summary>
    internal static bool IsOption(string typed) =>
        DocumentVocabulary.Find(typed) is { } property && Options.ContainsKey(property);

    // Its items are made of the others, wherever those stand.
    private Manifest Localized(Manifest manifest, ManifestValue value)
    {
        foreach (ManifestValue one in Items(value))
        {
            _subject = "'localize'";
            if (one.Fields is not { } fields)
            {
                Report(ManifestErrors.WrongType(At(one), "'localize'", "an object with languages and text"));
                continue;
            }
            var localization = new ManifestLocalization
            {
                Options = new ManifestItem { Name = "", Position = one.Position },
            };
            foreach ((string property, ManifestValue field) in Known(fields, LocalizeVocabulary))
            {
                localization = property switch
                {
                    "from" => localization with { From = Texts(field, ";") },
                    "languages" => localization with { Languages = Texts(field, ";,") },
                    "keys" => localization with { Keys = Texts(field, ";,") },
                    "text" => localization with { Text = field.ToPlain() },
                    "sourceLanguage" => localization with { SourceLanguage = Text(field) },
                    "template" => localization with { Template = Text(field) },
                    _ => localization with { Options = Options[property] is var option
                        ? option.With(localization.Options, OptionValue(option, field)) : localization.Options },
                };
            }
            if (localization.Text is null) Report(ManifestErrors.MissingField(At(one), "'localize'", "text"));
            else _localizations.Add(localization);
        }
        return manifest;
    }

    private Manifest Varied(Manifest manifest, ManifestValue value)
    {
        _subject = "'matrix'";
        if (value.Fields is not { } fields)
        {
            Report(ManifestErrors.WrongType(At(value), "'matrix'", "an object with a list of values for each axis"));
            return manifest;
        }
        _axes.AddRange(fields.Where(axis => !axis.Key.StartsWith('$'))
            .Select(axis => new MatrixAxis(axis.Key, Texts(axis.Value, ";"))));
        return manifest;
    }

    /// <summary>An item with an option as a table has it.</summary>
    /// <exception cref="NbException">The value is of the wrong sort.</exception>
    public static ManifestItem With(ManifestItem item, RequestOption option, string value)
    {
        (ManifestItem row, _) = Manifest.ReadRow([KeyValuePair.Create(option.Name, (object?)value)]);
        return option.Copy(row, item);
    }

    private string? Edition(ManifestValue value)
    {
        _subject = "the manifest";
        try
        {
            return BatchEdition.Checked(Text(value));
        }
        catch (NbException e)
        {
            Report(e);
            return null;
        }
    }

    private ModelApi? Api(ManifestValue value)
    {
        try
        {
            return value.Content is string name ? ServiceSettings.ParseApi(name, "api") : null;
        }
        catch (NbException e)
        {
            Report(e);
            return null;
        }
    }

    /// <summary>Reads one item.</summary>
    public ManifestItem Item(ManifestValue value)
    {
        _subject = "an item";
        _property = "prompt";
        var item = new ManifestItem { Name = "", Position = value.Position };
        if (value.Content is string) item = item with { Prompt = Text(value) };
        else item = Bind(item, value);
        if (string.IsNullOrWhiteSpace(item.Name))
        {
            return names || value.Content is string ? item with { Name = NameFor(item) } : item;
        }
        _given.Add(item.Name);
        return item;
    }

    /// <summary>The property of an item that a column's name stands for; null when it stands for none.</summary>
    public static string? PropertyOf(string column) => ItemVocabulary.Find(column);

    /// <summary>The property of an item that an unknown column was meant for; null when none is near.</summary>
    public static string? NearestTo(string column) =>
        ItemVocabulary.Suggest(column) ?? ItemVocabulary.NearestTo(column);

    /// <summary>What is to be said of one row, once it was read.</summary>
    /// <exception cref="NbException">Anything was wrong.</exception>
    public ImmutableArray<string> Finish(ManifestItem row)
    {
        _unknown.ThrowIfTableIsMisread();
        _problems.InsertRange(0, _unknown.Problems);
        if (row.Name.Length > 0 && ItemPath.Problem(row, "") is { } problem) _problems.Add(problem);
        ManifestErrors.ThrowTogether(_problems, source);
        return [.. _warnings, .. _unknown.Warnings];
    }

    /// <summary>Checks what can be checked without opening any picture.</summary>
    /// <exception cref="NbException">Anything was wrong.</exception>
    public Manifest Finish(Manifest manifest)
    {
        _unknown.ThrowIfTableIsMisread();
        _problems.InsertRange(0, _unknown.Problems);
        try
        {
            manifest = manifest with { Items = ManifestMatrix.Expand(manifest.Items, [.. _axes]) };
        }
        catch (NbException e)
        {
            Report(e);
        }
        Manifest written = manifest;
        foreach (ManifestLocalization localization in _localizations)
        {
            try
            {
                manifest = manifest with
                {
                    Items = [.. manifest.Items, .. localization.Items(written.Items, written.Resolve)],
                };
            }
            catch (NbException e)
            {
                Report(e);
            }
        }
        ManifestChecker.Check(manifest, source, _problems);
        ManifestErrors.ThrowTogether(_problems, source);
        return manifest with { Warnings = [.. manifest.Warnings, .. _warnings, .. _unknown.Warnings] };
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
            Report(ManifestErrors.WrongType(At(value), Capital(_subject), "an object"));
            return item;
        }
        if (fields.FirstOrDefault(field => Same(field.Key, "name")).Value?.Content is string name)
        {
            _subject = $"the item '{name}'";
        }
        foreach ((string property, ManifestValue field) in Known(fields, ItemVocabulary))
        {
            item = Options.TryGetValue(property, out RequestOption? option)
                ? option.With(item, OptionValue(option, field))
                : ItemProperties[property](this, item, field);
        }
        return item;
    }

    private ManifestAnchor? Anchor(ManifestValue value)
    {
        _subject = "an anchor";
        if (value.Fields is not { } fields)
        {
            Report(ManifestErrors.WrongType(At(value), "An anchor", "an object with name and path"));
            return null;
        }
        string? name = null, description = null;
        var role = ReferenceRole.Character;
        var pictures = ImmutableArray.CreateBuilder<ManifestPicture>();
        foreach ((string property, ManifestValue field) in Known(fields, AnchorVocabulary))
        {
            switch (property)
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
                case "path":
                    pictures.AddRange(Items(field, ";").Select(Picture).OfType<ManifestPicture>());
                    break;
            }
        }
        if (string.IsNullOrWhiteSpace(name)) Report(ManifestErrors.MissingField(At(value), "An anchor", "name"));
        else if (pictures.Count == 0) Report(ManifestErrors.MissingField(At(value), $"The anchor '{name}'", "path"));
        else return new ManifestAnchor(name, role, description, pictures.ToImmutable()) { Position = value.Position };
        return null;
    }

    private ManifestPicture? Picture(ManifestValue value) => Reference(value, PictureVocabulary)?.Picture;

    private ManifestReference? Reference(ManifestValue value) => Reference(value, ReferenceVocabulary);

    private ManifestReference? Reference(ManifestValue value, Vocabulary known)
    {
        if (value.Fields is not { } fields)
        {
            return Text(value) is { } text
                && IsPath(value, text) ? new ManifestReference(new ManifestPicture(text)) : null;
        }
        var reference = new ManifestReference(new ManifestPicture(""));
        foreach ((string property, ManifestValue field) in Known(fields, known))
        {
            reference = property switch
            {
                "path" => reference with { Picture = reference.Picture with { Path = Text(field) ?? "" } },
                "sha256" => reference with { Picture = reference.Picture with { Sha256 = Text(field) } },
                "mimeType" => reference with { Picture = reference.Picture with { MimeType = Text(field) } },
                "role" => reference with { Role = Role(field) },
                "name" => reference with { Name = Text(field) },
                _ => reference with { Description = Text(field) },
            };
        }
        if (reference.Picture.Path.Length > 0) return IsPath(value, reference.Picture.Path) ? reference : null;
        Report(ManifestErrors.MissingField(At(value), $"A picture of {_subject}", "path"));
        return null;
    }

    private bool IsPath(ManifestValue value, string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal)) return true;
        Report(ManifestErrors.WrongType(At(value), $"A picture of {_subject}", "the path of a file"));
        return false;
    }

    private ReferenceRole Role(ManifestValue value)
    {
        string text = Text(value) ?? "";
        if (!int.TryParse(text, out _) && Enum.TryParse(text, ignoreCase: true, out ReferenceRole role)) return role;
        Report(ManifestErrors.WrongType(At(value), $"The role of {_subject}",
            string.Join(", ", Enum.GetNames<ReferenceRole>())));
        return ReferenceRole.Image;
    }

    // A list, or one value in its place; from a table, a text with separators.
    private static IEnumerable<ManifestValue> Items(ManifestValue value, string separators = "")
    {
        if (value.List is { } list) return list;
        if (value.Content is not string text) return [value];
        return text.Split(separators.ToCharArray(),
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => value with { Content = part });
    }

    private ImmutableArray<string> Texts(ManifestValue value, string separators) =>
        [.. Items(value, separators).Select(Text).OfType<string>()];

    private string? Text(ManifestValue value)
    {
        switch (value.Content)
        {
            case string text when text.Contains('\uFFFD', StringComparison.Ordinal):
                Report(ManifestErrors.BrokenText(At(value), $"The '{_property}' of {_subject}"));
                return null;
            case string text:
                return text;
            // The size 512 is a number where it is not quoted.
            case decimal number:
                return number.ToString(CultureInfo.InvariantCulture);
            case null:
                return null;
            default:
                Report(ManifestErrors.WrongType(At(value), $"The '{_property}' of {_subject}", "a text"));
                return null;
        }
    }

    private bool? Flag(ManifestValue value)
    {
        if (value.Content is bool flag) return flag;
        if (value.Content is string text && bool.TryParse(text, out bool parsed)) return parsed;
        Report(ManifestErrors.WrongType(At(value), $"The '{_property}' of {_subject}", "true or false"));
        return null;
    }

    private int? Number(ManifestValue value)
    {
        if (value.Content is decimal number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
        {
            return (int)number;
        }
        if (value.Content is string text
            && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int parsed))
        {
            return parsed;
        }
        Report(ManifestErrors.WrongType(At(value), $"The '{_property}' of {_subject}", "a whole number"));
        return null;
    }

    private double? Fraction(ManifestValue value)
    {
        // Numbers come from shells and tables in many types; as text they are the same.
        string? text = value.Content is IFormattable number
            ? number.ToString(null, CultureInfo.InvariantCulture) : value.Content as string;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed)) return parsed;
        Report(ManifestErrors.WrongType(At(value), $"The '{_property}' of {_subject}", "a number"));
        return null;
    }

    private object? OptionValue(RequestOption option, ManifestValue value) => option.Kind switch
    {
        OptionKind.Text => Text(value),
        OptionKind.Texts => Texts(value, option.Separators),
        OptionKind.Flag => Flag(value),
        OptionKind.Number => Number(value),
        OptionKind.Fraction => Fraction(value),
        _ => Pairs(value),
    };

    // An object; from a table, a text such as team=art;issue=12.
    private ImmutableSortedDictionary<string, string>? Pairs(ManifestValue value)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((string name, ManifestValue field) in value.Fields ?? [])
        {
            if (Text(field) is { } text) pairs[name] = text;
        }
        foreach (ManifestValue item in value.Fields is null ? Items(value, ";,") : [])
        {
            if (item.Content is string text
                && text.Split('=', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } name, var of])
            {
                pairs[name] = of;
                continue;
            }
            Report(ManifestErrors.WrongType(At(value), $"The '{_property}' of {_subject}",
                "an object of texts, or name=text;name=text"));
            return null;
        }
        return pairs.ToImmutable();
    }

    private static Vocabulary ItemWords() => WithOptions(
        new Vocabulary([.. ItemProperties.Keys, .. Options.Keys])
            .Accept("anchor", "anchors").Accept("reference", "references")
            .Reject("depends", "dependencies", "dependson")
            .Reject("anchors", "character").Reject("references", "image", "picture").Reject("from", "source", "input")
            .Reject("edit", "instruction"));

    private static Vocabulary WithOptions(Vocabulary words)
    {
        foreach (RequestOption option in RequestOptionTable.All)
        {
            words.Reject(option.Name, [.. option.NearMisses]);
            if (option.IsExact) words.Exact(option.Name);
        }
        return words;
    }

    private string NameFor(ManifestItem item)
    {
        string stem = item.OutFile is { } file ? Path.GetFileNameWithoutExtension(file) : ImageFile.StemOf(item.Words);
        if (stem.Length == 0) stem = "item";
        string name = stem;
        for (int number = 2; !_given.Add(name); number++) name = FormattableString.Invariant($"{stem}-{number}");
        return name;
    }

    // Sets the known properties; unknown ones are remembered for a warning.
    private IEnumerable<(string Property, ManifestValue Field)> Known(
        IReadOnlyList<KeyValuePair<string, ManifestValue>> fields, Vocabulary vocabulary)
    {
        var given = new HashSet<string>();
        foreach ((string typed, ManifestValue field) in fields)
        {
            // $schema is for editors.
            if (field.IsAbsent || typed.StartsWith('$')) continue;
            if (vocabulary.Find(typed) is not { } property)
            {
                _unknown.Add(typed, vocabulary, Capital(_subject), field.Position);
            }
            else if (given.Add(property)) yield return (_property = property, field);
            else Report(ManifestErrors.DuplicateProperty(At(field), Capital(_subject), property));
        }
    }

    private void Report(NbException problem) => _problems.Add(problem);

    private string At(ManifestValue value) => ManifestErrors.Place(source, value.Position);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private delegate ManifestItem ItemSetter(ManifestBinder binder, ManifestItem item, ManifestValue value);
}
