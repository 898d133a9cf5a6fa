using System.Globalization;
using System.Text;
using NanoBanana.Batches.Plans;
using NanoBanana.Storage;

namespace NanoBanana.Batches;

/// <summary>The cells of a matrix as a table beside their pictures, each with its values, state and cost.</summary>
internal static class MatrixFile
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "matrix.csv";

    /// <summary>Writes the table if the batch has a matrix.</summary>
    /// <exception cref="NbException">It cannot be written, or a foreign file has its name.</exception>
    public static void Write(string destination, IEnumerable<BatchNode> nodes)
    {
        BatchNode[] cells = [.. nodes.Where(node => node.Item.Cell is not null)];
        if (cells.Length == 0) return;
        string[] axes = [.. cells.SelectMany(node => node.Item.Cell!.Keys).Distinct().Order(StringComparer.Ordinal)];
        var text = new StringBuilder();
        Append(["name", .. axes, "state", "file", "usd"]);
        foreach (BatchNode node in cells)
        {
            Append([node.Name, .. axes.Select(axis => node.Item.Cell!.GetValueOrDefault(axis, "")), $"{node.State}",
                node.Path is { } path ? Path.GetRelativePath(destination, path).Replace('\\', '/') : "",
                node.Cost?.ToString(CultureInfo.InvariantCulture) ?? ""]);
        }
        string file = Path.Combine(destination, FileName);
        try
        {
            Inside.Check(destination, file);
            if (File.Exists(file) && !IsOurs(file)) throw FileErrors.Foreign(file);
            // Spreadsheets read a file without a byte order mark as ANSI.
            byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text.ToString())];
            AtomicFile.Write(file, new BlobStore(destination).TemporaryFolder, overwrite: true,
                stream => stream.Write(bytes));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(file, e);
        }

        void Append(IEnumerable<string> values) =>
            text.AppendJoin(',', values.Select(Quoted)).Append("\r\n");
    }

    private static bool IsOurs(string file)
    {
        byte[] begins = [.. Encoding.UTF8.GetPreamble(), .. "name,"u8];
        byte[] found = new byte[begins.Length];
        using Stream stream = Disk.OpenRead(file);
        return stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length
            && found.AsSpan().SequenceEqual(begins);
    }

    private static string Quoted(string value) => value.AsSpan().IndexOfAny("\",\r\n") < 0 ? value
        : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
