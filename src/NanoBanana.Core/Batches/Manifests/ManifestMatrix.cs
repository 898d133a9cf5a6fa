using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Manifests;

/// <summary>Makes an item for each combination of values, with the values in its name: fox-dawn-ink.</summary>
internal static class ManifestMatrix
{
    private const int MostCells = 10_000;

    /// <summary>Makes the items of a manifest in every combination; an edit of an item becomes an edit of the same
    /// combination.</summary>
    /// <param name="items">The items.</param>
    /// <param name="axes">The axes, in the order in which they appear in names; empty to change nothing.</param>
    /// <exception cref="NbException">An axis is wrong, or there are too many combinations.</exception>
    public static ImmutableArray<ManifestItem> Expand(ImmutableArray<ManifestItem> items,
        ImmutableArray<MatrixAxis> axes)
    {
        if (axes.IsEmpty) return items;
        foreach (MatrixAxis axis in axes) axis.Checked();
        if (axes.Select(axis => axis.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < axes.Length)
        {
            throw ManifestErrors.InvalidMatrix("it has an axis twice.");
        }
        double count = axes.Aggregate((double)items.Length, (product, axis) => product * axis.Values.Length);
        if (count > MostCells)
        {
            throw ManifestErrors.InvalidMatrix(
                string.Create(CultureInfo.InvariantCulture, $"it has {count:0} combinations, more than {MostCells}."));
        }
        HashSet<string> names = [.. items.Select(item => item.Name)];
        return [.. from item in items from cell in Cells(axes) select Of(item, cell, names)];
    }

    private static IEnumerable<ImmutableArray<(string Axis, string Value)>> Cells(ImmutableArray<MatrixAxis> axes) =>
        axes.Aggregate(
            (IEnumerable<ImmutableArray<(string, string)>>)[[]],
            (cells, axis) => cells.SelectMany(cell => axis.Values.Select(value => cell.Add((axis.Name, value)))));

    private static ManifestItem Of(ManifestItem item, ImmutableArray<(string Axis, string Value)> cell,
        HashSet<string> names)
    {
        string suffix = string.Concat(cell.Select(part => "-" + Slug(part.Value)));
        ManifestItem varied = item with
        {
            Name = item.Name + suffix,
            OutFile = item.OutFile is null ? null : ItemPath.StemOf(item) + suffix,
            From = item.From is { } from && names.Contains(from) ? from + suffix : item.From,
            CellOf = item.Name,
            Cell = cell.ToImmutableSortedDictionary(part => part.Axis, part => part.Value, StringComparer.Ordinal),
        };
        var added = new List<string>();
        foreach ((string axis, string value) in cell)
        {
            string slot = $"{{{axis}}}";
            RequestOption? option = RequestOptionTable.All.FirstOrDefault(known =>
                known.Name.Equals(axis, StringComparison.OrdinalIgnoreCase));
            if (item.Words.Contains(slot, StringComparison.OrdinalIgnoreCase))
            {
                varied = varied with
                {
                    Prompt = varied.Prompt?.Replace(slot, value, StringComparison.OrdinalIgnoreCase),
                    Edit = varied.Edit?.Replace(slot, value, StringComparison.OrdinalIgnoreCase),
                };
            }
            else if (option is not null) varied = ManifestBinder.With(varied, option, value);
            // An edit does not repeat the value: its source's picture has it already.
            else if (varied.From is null || !names.Contains(item.From!)) added.Add($"{axis}: {value}");
        }
        if (added.Count == 0) return varied;
        string words = $"\n\n{string.Join("; ", added)}.";
        return varied with { Prompt = varied.Prompt + (varied.Prompt is null ? null : words),
            Edit = varied.Edit is null ? null : varied.Edit + words };
    }

    private static string Slug(string value) => ImageFile.StemOf(value) is { Length: > 0 } stem ? stem
        : Storage.Blob.HashOf(value)[..6];
}
