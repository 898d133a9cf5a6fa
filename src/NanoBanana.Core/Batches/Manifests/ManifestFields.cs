using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Manifests;

/// <summary>Reads the fields of a manifest. Goes on after a mistake, so that all of them are told at once.</summary>
/// <param name="source">Name of the file, for errors; null when there is none.</param>
internal sealed class ManifestFields(string? source)
{
    private readonly List<NbException> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly UnknownProperties _unknown = new(source);

    /// <summary>What is being read, for errors.</summary>
    public string Subject { get; set; } = "the manifest";

    /// <summary>The property that is being read, for errors.</summary>
    public string Property { get; set; } = "";

    /// <summary>What is being read, at the beginning of a sentence.</summary>
    public string Capitalized => char.ToUpperInvariant(Subject[0]) + Subject[1..];

    /// <summary>What looks like a mistake but stops nothing.</summary>
    public IEnumerable<string> Warnings => _warnings.Concat(_unknown.Warnings);

    /// <summary>Ends the reading.</summary>
    /// <param name="check">Adds the problems that show only in the whole.</param>
    /// <exception cref="NbException">Anything was wrong.</exception>
    public void Finish(Action<List<NbException>> check)
    {
        _unknown.ThrowIfTableIsMisread();
        _problems.InsertRange(0, _unknown.Problems);
        check(_problems);
        ManifestErrors.ThrowTogether(_problems, source);
    }

    /// <summary>Remembers a mistake.</summary>
    public void Report(NbException problem) => _problems.Add(problem);

    /// <summary>Runs what a mistake may end, and remembers that.</summary>
    /// <returns>What it gave; the fallback after a mistake.</returns>
    public T Try<T>(Func<T> read, T fallback)
    {
        try
        {
            return read();
        }
        catch (NbException e)
        {
            Report(e);
            return fallback;
        }
    }

    /// <summary>Remembers that a value is not of the sort that is expected.</summary>
    public void ReportType(ManifestValue value, string what, string expected) =>
        Report(ManifestErrors.WrongType(At(value), what, expected));

    /// <summary>Remembers that something without a required field was given.</summary>
    public void ReportMissing(ManifestValue value, string what, string field) =>
        Report(ManifestErrors.MissingField(At(value), what, field));

    /// <summary>Remembers what looks like a mistake but stops nothing.</summary>
    public void Warn(ManifestValue value, string warning) => _warnings.Add(At(value) + warning);

    /// <summary>The fields whose properties are known, each to be read before the next; others are remembered for a
    /// warning.</summary>
    public IEnumerable<(string Property, ManifestValue Field)> Known(
        IReadOnlyList<KeyValuePair<string, ManifestValue>> fields, Vocabulary vocabulary)
    {
        var given = new HashSet<string>();
        foreach ((string typed, ManifestValue field) in fields)
        {
            // $schema is for editors.
            if (field.IsAbsent || typed.StartsWith('$')) continue;
            if (vocabulary.Find(typed) is not { } property)
            {
                _unknown.Add(typed, vocabulary, Capitalized, field.Position);
            }
            else if (given.Add(property)) yield return (Property = property, field);
            else Report(ManifestErrors.DuplicateProperty(At(field), Capitalized, property));
        }
    }

    /// <summary>A list, or one value in its place; from a table, a text with separators.</summary>
    public static IEnumerable<ManifestValue> Items(ManifestValue value, string separators = "")
    {
        if (value.List is { } list) return list;
        if (value.Content is not string text) return [value];
        return text.Split(separators.ToCharArray(),
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => value with { Content = part });
    }

    /// <summary>Its texts.</summary>
    public ImmutableArray<string> Texts(ManifestValue value, string separators) =>
        [.. Items(value, separators).Select(Text).OfType<string>()];

    /// <summary>A text; null when it is none, which is reported.</summary>
    public string? Text(ManifestValue value)
    {
        switch (value.Content)
        {
            case string text when text.Contains('\uFFFD', StringComparison.Ordinal):
                Report(ManifestErrors.BrokenText(At(value), $"The '{Property}' of {Subject}"));
                return null;
            case string text:
                return text;
            // The size 512 is a number where it is not quoted.
            case decimal number:
                return number.ToString(CultureInfo.InvariantCulture);
            case null:
                return null;
            default:
                ReportType(value, $"The '{Property}' of {Subject}", "a text");
                return null;
        }
    }

    private bool? Flag(ManifestValue value)
    {
        if (value.Content is bool flag) return flag;
        if (value.Content is string text && bool.TryParse(text, out bool parsed)) return parsed;
        ReportType(value, $"The '{Property}' of {Subject}", "true or false");
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
        ReportType(value, $"The '{Property}' of {Subject}", "a whole number");
        return null;
    }

    private double? Fraction(ManifestValue value)
    {
        // Numbers come from shells and tables in many types; as text they are the same.
        string? text = value.Content is IFormattable number
            ? number.ToString(null, CultureInfo.InvariantCulture) : value.Content as string;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed)) return parsed;
        ReportType(value, $"The '{Property}' of {Subject}", "a number");
        return null;
    }

    /// <summary>What an option is set to; null when it is of the wrong sort, which is reported.</summary>
    public object? Option(RequestOption option, ManifestValue value) => option.Kind switch
    {
        OptionKind.Text => Text(value),
        OptionKind.Texts => Texts(value, option.Separators),
        OptionKind.Flag => Flag(value),
        OptionKind.Number => Number(value),
        OptionKind.Fraction => Fraction(value),
        _ => Pairs(value),
    };

    /// <summary>An object of texts; from a table, a text such as team=art;issue=12.</summary>
    public ImmutableSortedDictionary<string, string>? Pairs(ManifestValue value)
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
            ReportType(value, $"The '{Property}' of {Subject}",
                "an object of texts, or name=text;name=text");
            return null;
        }
        return pairs.ToImmutable();
    }

    private string At(ManifestValue value) => ManifestErrors.Place(source, value.Position);
}
