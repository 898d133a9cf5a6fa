namespace NanoBanana.Localization;

/// <summary>A row of a table.</summary>
/// <param name="Number">The line of the file where it begins, counted from 1.</param>
/// <param name="Cells">Its cells, unchanged.</param>
internal sealed record DelimitedLine(int Number, List<string> Cells);
