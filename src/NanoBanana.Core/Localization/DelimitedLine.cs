namespace NanoBanana.Localization;

/// <summary>A row of a table.</summary>
/// <param name="Number">The line of the file it begins in, counted from 1.</param>
/// <param name="Cells">Its cells, as they stand there.</param>
internal sealed record DelimitedLine(int Number, List<string> Cells);
