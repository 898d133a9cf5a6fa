namespace NanoBanana.Batches.Manifests;

/// <summary>Detects from a column's name that a table was read with wrong settings, and suggests the right
/// ones.</summary>
internal static class TableHint
{
    /// <summary>What to do; null when the name shows nothing wrong.</summary>
    public static string? Of(string column) => column switch
    {
        _ when column.Contains('\uFFFD', StringComparison.Ordinal) => Encoding,
        _ when column.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) =>
            "Its first line, sep=, is for Excel: {way:readExcelTable}",
        _ when column.Contains(';', StringComparison.Ordinal) => Delimited + "{way:readSemicolons}",
        _ when column.Contains('\t', StringComparison.Ordinal) => Delimited + "{way:readTabs}",
        _ when column.Contains('|', StringComparison.Ordinal) => Delimited + "{way:readBars}",
        _ => null,
    };

    /// <summary>The advice for a text whose characters could not be decoded.</summary>
    public const string Encoding =
        "Read the file in the encoding it was written in: {way:readEncoding}.";

    private const string Delimited = "Its columns are separated by another character than a comma: ";
}
