using System.Globalization;
using System.Text;
using NanoBanana.Storage;

namespace NanoBanana.Localization;

/// <summary>Reads a table as spreadsheets write it (RFC 4180): separated by commas, semicolons or tabs, with texts in
/// quotation marks that may hold line breaks.</summary>
internal static class DelimitedText
{
    private const string ExcelMark = "sep=";

    // Lettering is short: a longer file is another kind of file, or an attack.
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>The lines of a file, with unchanged cells.</summary>
    /// <exception cref="NbException">The file is missing, too long or unreadable, is not in UTF-8 or UTF-16, or a
    /// quotation mark in it is never closed.</exception>
    public static List<DelimitedLine> Read(string path)
    {
        string text = Decoded(path);
        char? told = null;
        int first = 1;
        if (text.StartsWith(ExcelMark, StringComparison.OrdinalIgnoreCase) && text.Length > ExcelMark.Length)
        {
            told = text[ExcelMark.Length];
            int end = text.IndexOf('\n', StringComparison.Ordinal);
            text = end < 0 ? "" : text[(end + 1)..];
            first = 2;
        }
        string head = text.Split('\n', 2)[0];
        // The first line has only column names, which contain no delimiter.
        char delimiter = told ?? (head.Contains('\t', StringComparison.Ordinal) ? '\t'
            : head.Contains(';', StringComparison.Ordinal) ? ';' : ',');
        return Split(text, delimiter, first, $"'{Path.GetFileName(path)}'");
    }

    /// <summary>A file as text.</summary>
    /// <exception cref="NbException">It is missing or unreadable, or is not in UTF-8 or UTF-16.</exception>
    public static string Decoded(string path)
    {
        byte[] bytes;
        try
        {
            bytes = Disk.ReadBytes(path, MostBytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.NotFound(path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
        try
        {
            return bytes switch
            {
                [0xFF, 0xFE, ..] => new UnicodeEncoding(false, true, true).GetString(bytes[2..]),
                [0xFE, 0xFF, ..] => new UnicodeEncoding(true, true, true).GetString(bytes[2..]),
                [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(false, true).GetString(bytes[3..]),
                _ => new UTF8Encoding(false, true).GetString(bytes),
            };
        }
        catch (DecoderFallbackException)
        {
            throw LocalizationErrors.WrongEncoding($"'{path}'");
        }
    }

    private static List<DelimitedLine> Split(string text, char delimiter, int first, string name)
    {
        var lines = new List<DelimitedLine>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        int number = first, start = first, quote = first;
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\n') number++;
            if (isQuoted)
            {
                if (c != '"') cell.Append(c);
                else if (at + 1 < text.Length && text[at + 1] == '"') cell.Append(text[at++]);
                else isQuoted = false;
            }
            else if (c == '"' && cell.Length == 0) (isQuoted, quote) = (true, number);
            else if (c == delimiter) EndCell();
            else if (c == '\n') EndLine();
            else if (c != '\r') cell.Append(c);
        }
        if (isQuoted)
        {
            throw LocalizationErrors.InvalidTable(name, string.Create(CultureInfo.InvariantCulture,
                $"the quotation mark that opens in line {quote} is never closed."));
        }
        if (cell.Length > 0 || cells.Count > 0) EndLine();
        return lines;

        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }

        void EndLine()
        {
            EndCell();
            if (cells.Any(one => !string.IsNullOrWhiteSpace(one))) lines.Add(new DelimitedLine(start, cells));
            cells = [];
            start = number;
        }
    }
}
