namespace NanoBanana.Batches.Manifests;

/// <summary>Unknown properties of a manifest. A misspelled column is wrong in every row; it is reported once.</summary>
/// <param name="source">Name of the file, for errors; null when there is none.</param>
internal sealed class UnknownProperties(string? source)
{
    private readonly List<Sighting> _sightings = [];

    /// <summary>Names that are almost certainly misspelled properties.</summary>
    public IEnumerable<NbException> Problems => _sightings.Where(seen => seen.Suggestion is not null)
        .Select(seen =>
        ManifestErrors.MisspelledProperty(ManifestErrors.Place(source, seen.Position), seen.Subject, seen.Typed,
        seen.Suggestion!, Often(seen)));

    /// <summary>Names that may be the user's own columns.</summary>
    public IEnumerable<string> Warnings => _sightings.Where(seen => seen.Suggestion is null).Select(seen =>
        $"{ManifestErrors.Place(source, seen.Position)}{seen.Subject} has an unknown property '{seen.Typed}', which is left out."
        + (seen.Known.NearestTo(seen.Typed) is { } nearest ? $" Did you mean '{nearest}'?" : "")
        + Often(seen));

    /// <summary>A column whose name is a whole line shows that the delimiter is wrong, which causes the other
    /// mistakes.</summary>
    /// <exception cref="NbException">A table was read with the wrong delimiter or in the wrong encoding.</exception>
    public void ThrowIfTableIsMisread()
    {
        Sighting? seen = _sightings.Find(seen => TableHint.Of(seen.Typed) is not null);
        if (seen is not null)
        {
            throw ManifestErrors.MisreadTable(ManifestErrors.Place(source, seen.Position), seen.Typed,
                TableHint.Of(seen.Typed)!);
        }
    }

    public void Add(string typed, Vocabulary known, string subject, TextPosition? position)
    {
        Sighting? seen =
            _sightings.Find(seen =>
            seen.Known == known && string.Equals(seen.Typed, typed, StringComparison.OrdinalIgnoreCase));
        if (seen is null) _sightings.Add(seen = new Sighting(typed, known, known.Suggest(typed), subject, position));
        seen.Count++;
    }

    private static string Often(Sighting seen) =>
        seen.Count == 1 ? "" : FormattableString.Invariant($" It stands in {seen.Count} places.");

    private sealed record Sighting(string Typed, Vocabulary Known, string? Suggestion, string Subject,
        TextPosition? Position)
    {
        public int Count { get; set; }
    }
}
