using System.Collections;
using System.Collections.Specialized;
using NanoBanana.Batches.Manifests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts input to the axes of a matrix.</summary>
internal static class VaryInput
{
    /// <summary>The axes, sorted by name unless the dictionary is ordered: the order of a hashtable differs between
    /// processes.</summary>
    public static IEnumerable<MatrixAxis> Axes(IDictionary? table)
    {
        if (table is null) return [];
        IEnumerable<MatrixAxis> axes = table.Cast<DictionaryEntry>().Select(entry => new MatrixAxis($"{entry.Key}",
            [.. ValuesOf(entry.Value)]));
        return table is IOrderedDictionary ? axes : axes.OrderBy(axis => axis.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<string> ValuesOf(object? value) => PSValue.Unwrapped(value) switch
    {
        null => [],
        string text => [text],
        IEnumerable list => list.Cast<object?>().SelectMany(ValuesOf),
        var other => [System.Management.Automation.LanguagePrimitives.ConvertTo<string>(other)],
    };
}
