namespace NanoBanana.Batches.Manifests;

/// <summary>Tells from the name of a column that a table was read wrong, and how to read it right.</summary>
internal static class TableHint
{
    /// <summary>What to do; null when the name tells nothing.</summary>
    public static string? Of(string column) => column switch
    {
        _ when column.Contains('\uFFFD', StringComparison.Ordinal) => Encoding,
        _ when column.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) =>
            "Its first line, sep=, is for Excel: Get-Content table.csv | Select-Object -Skip 1 | ConvertFrom-Csv -Delimiter ';'",
        _ when column.Contains(';', StringComparison.Ordinal) => Delimited("';'"),
        _ when column.Contains('\t', StringComparison.Ordinal) => Delimited("\"`t\""),
        _ when column.Contains('|', StringComparison.Ordinal) => Delimited("'|'"),
        _ => null,
    };

    /// <summary>How to read a text whose characters could not be decoded.</summary>
    public const string Encoding =
        "Read the file in the encoding it was written in: Import-Csv or Get-Content with -Encoding ansi (as older Windows programs write), unicode or utf8.";

    private static string Delimited(string delimiter) =>
        $"Its columns are separated by another character than a comma: Import-Csv table.csv -Delimiter {delimiter}";
}
