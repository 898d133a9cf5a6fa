using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using NanoBanana.Storage;

namespace NanoBanana.Localization;

/// <summary>Lettering by language and key: either a row for each text with the columns language and text, or a row for
/// each key with a column for each language.</summary>
public sealed class LetteringTable
{
    private static readonly string[] LanguageColumns = ["language", "lang", "locale", "culture"];
    private static readonly string[] TextColumns = ["text", "lettering", "translation"];
    private static readonly string[] KeyColumns = ["key", "name"];
    private static readonly string[] NoteColumns =
        ["note", "notes", "comment", "comments", "context", "description", "remark", "remarks"];

    private readonly string _name;
    private readonly List<string> _keys = [];
    private readonly List<Language> _languages = [];
    private readonly Dictionary<(string Code, string Key), string> _texts = [];

    private LetteringTable(string name) => _name = name;

    /// <summary>The languages, in the order of the table.</summary>
    public ImmutableArray<Language> Languages => [.. _languages];

    /// <summary>The keys, in the order of the table.</summary>
    public ImmutableArray<string> Keys => [.. _keys];

    /// <summary>Reads a table from a file: delimited text, or JSON.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="NbException">It is missing, in another encoding than UTF-8 or UTF-16, or not such a
    /// table.</exception>
    public static LetteringTable Load(string path)
    {
        string name = $"'{Path.GetFileName(path)}'";
        if (Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                return From(Plain(JsonNode.Parse(DelimitedText.Decoded(path))), name);
            }
            // A duplicate property is detected only when it is read.
            catch (Exception e) when (StoredJson.IsMalformed(e))
            {
                throw LocalizationErrors.InvalidTable(name, e.Message, e);
            }
        }
        List<DelimitedLine> lines = DelimitedText.Read(path);
        if (lines.Count < 2) throw LocalizationErrors.InvalidTable(name, "it has no rows.");
        string[] columns = [.. lines[0].Cells.Select(column => column.Trim())];
        return new LetteringTable(name).Fill(columns, lines.Skip(1).Select(line => Fitted(line, columns, name)));
    }

    /// <summary>Reads a table from objects: rows, or texts by language, each a text, a list of them, or texts by
    /// key.</summary>
    /// <param name="value">A list of rows (names and values), or names and values of languages.</param>
    /// <param name="name">Its name in errors.</param>
    /// <exception cref="NbException">It is not such a table.</exception>
    public static LetteringTable From(object? value, string name = "The table")
    {
        var table = new LetteringTable(name);
        if (FieldsOf(value) is { } byLanguage) return table.FillByLanguage(byLanguage);
        if (value is not IEnumerable list || value is string)
        {
            throw LocalizationErrors.InvalidTable(name, "it holds neither rows nor texts by language.");
        }
        IReadOnlyList<KeyValuePair<string, object?>>[] rows = [.. list.Cast<object?>().Select(row =>
            FieldsOf(row) ?? throw LocalizationErrors.InvalidTable(name, "a row has no columns."))];
        string[] columns = [.. rows.SelectMany(row => row.Select(cell => cell.Key))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        return table.Fill(columns, rows.Select(row => columns.Select(column => table.CellOf(row.FirstOrDefault(cell =>
            cell.Key.Equals(column, StringComparison.OrdinalIgnoreCase)).Value)).ToArray()));
    }

    /// <summary>The texts to write in each language. All missing texts are reported in one error.</summary>
    /// <param name="languages">Codes; empty for all languages of the table except the original's.</param>
    /// <param name="original">Code of the language in the picture now; null when the table does not have it.</param>
    /// <param name="keys">The keys of texts in the picture; empty for all.</param>
    /// <exception cref="NbException">A language or a key is missing, or its lettering is empty.</exception>
    public ImmutableArray<LocalizedText> Texts(IEnumerable<string> languages, string? original = null,
        IEnumerable<string>? keys = null)
    {
        string[] wanted = [.. (keys ?? []).Select(Known)];
        if (wanted.Length == 0) wanted = [.. _keys];
        Language? source = original is null ? null : KnownLanguage(original);
        Language[] targets = [.. languages.Select(KnownLanguage).DistinctBy(one => one.Code)];
        if (targets.Length == 0) targets = [.. _languages.Where(language => language.Code != source?.Code)];
        string[] empty = [.. from language in targets
            from key in wanted
            where TextOf(language, key).Length == 0
            select _keys.Count > 1 ? $"'{key}' in {language}" : language.Code];
        if (empty.Length > 0) throw LocalizationErrors.EmptyText(_name, empty);
        return [.. targets.Select(language => new LocalizedText(language,
            [.. wanted.Select(key => TextOf(language, key))],
            source is null ? [] : [.. wanted.Select(key => TextOf(source, key)).Where(text => text.Length > 0)]))];
    }

    private string TextOf(Language language, string key) => _texts.GetValueOrDefault((language.Code, key), "");

    // The table may use a language that only it names.
    private Language KnownLanguage(string text)
    {
        string code = text.Split('=', 2)[0].Trim().Replace('_', '-');
        return _languages.FirstOrDefault(one => one.Code.Equals(code, StringComparison.OrdinalIgnoreCase))
            ?? throw LocalizationErrors.MissingLanguage(_name, Language.Parse(text).Code,
                _languages.Select(one => one.Code));
    }

    private string Known(string key) => _keys.FirstOrDefault(one => one.Equals(key, StringComparison.OrdinalIgnoreCase))
        ?? throw LocalizationErrors.UnknownKey(_name, key, _keys);

    private LetteringTable Fill(string[] columns, IEnumerable<string[]> rows)
    {
        if (columns.FirstOrDefault(column => column.Contains('\uFFFD', StringComparison.Ordinal)) is not null)
        {
            throw LocalizationErrors.WrongEncoding(_name);
        }
        int Find(string[] names) => Array.FindIndex(columns,
            column => names.Contains(column, StringComparer.OrdinalIgnoreCase));

        (int language, int text, int key) = (Find(LanguageColumns), Find(TextColumns), Find(KeyColumns));
        // "id" is the key column if there is no other, otherwise Indonesian.
        if (key < 0 && columns.Length > 1 && columns[0].Equals("id", StringComparison.OrdinalIgnoreCase)) key = 0;
        if (language >= 0 != text >= 0)
        {
            throw LocalizationErrors.InvalidTable(_name, language >= 0
                ? $"it has a column '{columns[language]}' and none called text."
                : $"it has a column '{columns[text]}' and none called language.");
        }
        bool isByRow = language >= 0;
        (int At, Language Language)[] byColumn = isByRow ? [] : [.. columns.Select((column, at) => (column, at))
            .Where(one => one.at != key && !NoteColumns.Contains(one.column, StringComparer.OrdinalIgnoreCase))
            .Select(one => (one.at, Language.Parse(one.column)))];
        if (!isByRow && byColumn.Length == 0) throw LocalizationErrors.InvalidTable(_name, "no column is a language.");
        foreach ((_, Language known) in byColumn) Add(known);
        int number = 0;
        foreach (string[] row in rows)
        {
            if (row.All(string.IsNullOrWhiteSpace)) continue;
            number++;
            if (isByRow)
            {
                Language spoken = Add(Language.Parse(row[language]));
                Add(spoken, key >= 0 ? row[key].Trim() : NextKey(spoken), row[text]);
                continue;
            }
            string named = key >= 0 ? row[key].Trim() : number.ToString(CultureInfo.InvariantCulture);
            foreach ((int at, Language spoken) in byColumn) Add(spoken, named, row[at]);
        }
        return _texts.Count > 0 ? this : throw LocalizationErrors.InvalidTable(_name, "it has no rows.");
    }

    private LetteringTable FillByLanguage(IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        foreach ((string code, object? value) in fields)
        {
            Language language = Add(Language.Parse(code));
            if (FieldsOf(value) is { } byKey)
            {
                foreach ((string key, object? text) in byKey) Add(language, key, CellOf(text));
            }
            else if (value is IEnumerable list and not string)
            {
                foreach (object? text in list) Add(language, NextKey(language), CellOf(text));
            }
            else Add(language, NextKey(language), CellOf(value));
        }
        return _texts.Count > 0 ? this : throw LocalizationErrors.InvalidTable(_name, "it has no texts.");
    }

    // Without keys, texts of different languages are matched by their order.
    private string NextKey(Language language)
    {
        int number = 1;
        while (_texts.ContainsKey((language.Code, number.ToString(CultureInfo.InvariantCulture)))) number++;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    private Language Add(Language language)
    {
        if (!_languages.Any(known => known.Code == language.Code)) _languages.Add(language);
        return language;
    }

    private void Add(Language language, string key, string text)
    {
        if (text.Contains('\uFFFD', StringComparison.Ordinal)) throw LocalizationErrors.WrongEncoding(_name);
        if (!_keys.Contains(key)) _keys.Add(key);
        if (!_texts.TryAdd((language.Code, key), text.Trim()))
        {
            throw LocalizationErrors.InvalidTable(_name, $"it says '{key}' twice in {language}.");
        }
    }

    // A row with more cells than columns was split wrongly, for example at a comma in a text without quotation marks.
    private static string[] Fitted(DelimitedLine line, string[] columns, string name)
    {
        List<string> cells = line.Cells;
        int surplus = cells.FindIndex(Math.Min(columns.Length, cells.Count), cell => !string.IsNullOrWhiteSpace(cell));
        if (surplus >= 0)
        {
            throw LocalizationErrors.InvalidTable(name, string.Create(CultureInfo.InvariantCulture,
                $"line {line.Number} has {surplus + 1} cells, and there are {columns.Length} columns; a text that holds the delimiter stands in quotation marks."));
        }
        return [.. columns.Select((_, at) => at < cells.Count ? cells[at] : "")];
    }

    // A list or an object in place of a text would be drawn as its .NET type name.
    private string CellOf(object? value) => value is IEnumerable and not string
        ? throw LocalizationErrors.InvalidTable(_name, "it has a list or an object where a text should be.")
        : TextOf(value);

    private static string TextOf(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static IReadOnlyList<KeyValuePair<string, object?>>? FieldsOf(object? value) => value switch
    {
        IEnumerable<KeyValuePair<string, object?>> fields => [.. fields],
        IDictionary fields => [.. fields.Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create(TextOf(entry.Key), entry.Value))],
        _ => null,
    };

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Select(field => KeyValuePair.Create(field.Key, Plain(field.Value))).ToList(),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => node?.ToJsonString(),
    };
}
