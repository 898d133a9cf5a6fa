namespace NanoBanana.Batches.Manifests;

/// <summary>A place in a manifest, counted from 1: in a text file, where the column counts bytes of UTF-8, or a row of
/// a table.</summary>
/// <param name="Line">The line or row.</param>
/// <param name="Column">Null for a row.</param>
internal readonly record struct TextPosition(int Line, int? Column)
{
    public static TextPosition Row(int number) => new(number, Column: null);

    public override string ToString() => Column is { } column
        ? FormattableString.Invariant($"line {Line}, column {column}")
        : FormattableString.Invariant($"row {Line}");
}
