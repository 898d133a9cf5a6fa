namespace NanoBanana.Batches;

/// <summary>A place in a text file, counted from 1; the column counts bytes of UTF-8.</summary>
internal readonly record struct TextPosition(int Line, int Column)
{
    public override string ToString() => FormattableString.Invariant($"line {Line}, column {Column}");
}
