using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Batches.Manifests;

/// <summary>What can be wrong with a manifest.</summary>
internal static class ManifestErrors
{
    /// <summary>A manifest that is not JSON.</summary>
    internal static NbException InvalidJson(string path, TextPosition position, Exception inner, string? advice = null)
    {
        // The parser's message ends with its own line number, which starts at 0.
        string words = inner.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
        return Error("Nb.Manifest.InvalidJson", NbErrorKind.ParserError,
            $"'{path}' is not valid JSON at {position}: {words}", advice ?? "Correct the manifest there.", path, inner);
    }

    /// <summary>A file of another form where a manifest should be.</summary>
    internal static NbException OtherForm(string path, string form, string advice, Exception inner) => Error(
        "Nb.Manifest.InvalidJson", NbErrorKind.ParserError,
        $"'{path}' looks like {form}, and a manifest is JSON.", advice, path, inner);

    /// <summary>A manifest without items.</summary>
    internal static NbException Empty(string? source) => Error(
        "Nb.Manifest.Empty", NbErrorKind.InvalidArgument, $"{Place(source, null)}The manifest has no items.",
        """Give at least one: {"items":[{"name":"fox","prompt":"a fox in the snow"}]}""");

    /// <summary>A value of the wrong sort.</summary>
    internal static NbException WrongType(string place, string what, string expected) => Error(
        "Nb.Manifest.WrongType", NbErrorKind.InvalidArgument, $"{place}{what} must be {expected}.",
            "Correct the manifest there.");

    /// <summary>A field that must be there.</summary>
    internal static NbException MissingField(string place, string subject, string field) => Error(
        "Nb.Manifest.MissingField", NbErrorKind.InvalidArgument, $"{place}{subject} has no '{field}'.",
        "An item has a name and either a prompt, or from and edit; an anchor has a name and a path.");

    /// <summary>An unknown property that almost certainly means a known one: the picture would be made without
    /// it.</summary>
    internal static NbException MisspelledProperty(string place, string subject, string typed, string meant,
        string often) => Error(
        "Nb.Manifest.MisspelledProperty", NbErrorKind.InvalidArgument,
            $"{place}{subject} has an unknown property '{typed}'. Did you mean '{meant}'?{often}",
        Filled($"Rename it to '{meant}', or leave it out {{way:excludeColumn}}. Nothing was sent.", typed));

    /// <summary>A table that was read with the wrong delimiter or in the wrong encoding.</summary>
    internal static NbException MisreadTable(string place, string column, string advice) => Error(
        "Nb.Manifest.MisreadTable", NbErrorKind.InvalidArgument,
        $"{place}There is a column '{Readable.Short(column)}': the table was not read as it was written.",
            $"{advice}. Nothing was sent.", column);

    /// <summary>A text with characters that could not be decoded.</summary>
    internal static NbException BrokenText(string place, string what) => Error(
        "Nb.Manifest.BrokenText", NbErrorKind.InvalidArgument,
            $"{place}{what} has characters that could not be decoded (\uFFFD).",
        $"{TableHint.Encoding} Nothing was sent.");

    /// <summary>A property given twice, perhaps under two names.</summary>
    internal static NbException DuplicateProperty(string place, string subject, string property) => Error(
        "Nb.Manifest.DuplicateProperty", NbErrorKind.InvalidArgument,
            $"{place}{subject} says twice what its '{property}' is.", "Leave one out.");

    /// <summary>An item that is both a new picture and an edit.</summary>
    internal static NbException AmbiguousItem(string place, string subject) => Error(
        "Nb.Manifest.AmbiguousItem", NbErrorKind.InvalidArgument,
            $"{place}{subject} has a prompt and also from or edit.",
        "Give either a prompt (a new picture), or from and edit (a change to another).");

    /// <summary>Two items or anchors with the same name.</summary>
    internal static NbException DuplicateName(string place, string what, string name, TextPosition? first) => Error(
        "Nb.Manifest.DuplicateName", NbErrorKind.InvalidArgument,
        $"{place}There are two {what}s called '{name}'{(first is { } at ? $"; the first stands at {at}" : "")}.",
            "Rename one of them.", name);

    /// <summary>Two items with the same file.</summary>
    internal static NbException SameFile(string place, string first, string second, string file) => Error(
        "Nb.Manifest.SameFile", NbErrorKind.InvalidArgument,
        $"{place}The items '{first}' and '{second}' would both become the file '{file}' (case makes no difference on Windows and macOS).",
        "Rename one of them, or give it another outFile.", second);

    /// <summary>An item made from a missing item.</summary>
    internal static NbException MissingSource(string place, string item, string source, string? nearest) => Error(
        "Nb.Manifest.MissingSource", NbErrorKind.ObjectNotFound,
        $"{place}The item '{item}' is made from '{source}', which is neither an item of the manifest nor a file."
        + (nearest is null ? "" : $" Did you mean '{nearest}'?"),
        "Correct 'from', or add the item.", item);

    /// <summary>Items that are made from each other.</summary>
    internal static NbException Cycle(string place, IReadOnlyList<string> cycle) => Error(
        "Nb.Manifest.Cycle", NbErrorKind.InvalidArgument,
        $"{place}The items are made from each other in a circle: {string.Join(" <- ", cycle)}.",
            "Give one of them a prompt of its own.", cycle[0]);

    /// <summary>A name that is not a valid file name on every system.</summary>
    internal static NbException InvalidName(string place, string name, string why) => Error(
        "Nb.Manifest.InvalidName", NbErrorKind.InvalidArgument,
            $"{place}'{name}' cannot be the name of a file on every system: {why}.",
        "Choose another name, or give the item an outFile.", name);

    /// <summary>An invalid matrix.</summary>
    internal static NbException InvalidMatrix(string why) => Error(
        "Nb.Manifest.InvalidMatrix", NbErrorKind.InvalidArgument, $"The matrix cannot be made: {why}",
        "Nothing was sent. An axis has a name and a list of values, such as light=dawn,dusk.");

    /// <summary>An invalid name of an edition.</summary>
    internal static NbException InvalidEdition(string edition) => Error(
        "Nb.Manifest.InvalidEdition", NbErrorKind.InvalidArgument,
        $"'{Readable.Short(edition)}' cannot be an edition: a name has at most 100 characters, and none of control.",
        "Give a week or a date, such as 2026-W48.", edition);

    /// <summary>A path that leaves the destination.</summary>
    internal static NbException PathEscapes(string place, string item, string path)
    {
        string owner = item.Length > 0 ? $" of the item '{item}'" : "";
        return Error("Nb.Manifest.PathEscapes", NbErrorKind.InvalidArgument,
            $"{place}The outFile '{path}'{owner} leads outside the destination folder.",
            "Give a path inside it, such as hero/wide.jpg.", item.Length > 0 ? item : path);
    }

    /// <summary>A mistake in an item's request, with the item's position.</summary>
    internal static NbException Item(string place, string item, NbException inner) => new(
        inner.ErrorId, inner.Kind, $"{place}The item '{item}': {inner.Message}", inner.Advice, inner) { Target = item };

    /// <summary>Throws a single mistake as it is, and several as one error that lists them.</summary>
    /// <param name="problems">One <see cref="NbException"/> for each.</param>
    /// <param name="source">Name of the manifest's file; null when there is none.</param>
    internal static void ThrowTogether(IReadOnlyCollection<NbException> problems, string? source)
    {
        if (problems.Count == 1) throw problems.First();
        if (problems.Count > 1)
        {
            throw Error("Nb.Manifest.Invalid", NbErrorKind.InvalidArgument,
                $"{source ?? "The manifest"} has {problems.Count} mistakes:\n"
                + string.Join('\n', problems.Select(problem => $"- {problem.Message} [{problem.ErrorId}]")),
                "Correct them; nothing was sent.", source, new AggregateException(problems));
        }
    }

    /// <summary>Where a mistake is, as the beginning of its sentence.</summary>
    internal static string Place(string? source, TextPosition? position) => (source, position) switch
    {
        (null, null) => "",
        (null, { } row) => $"{char.ToUpperInvariant(row.ToString()[0])}{row.ToString()[1..]}: ",
        (_, null) => $"{source}: ",
        _ => $"{source}, {position}: ",
    };
}
