using System.Management.Automation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Makes anchors of what people type and pipe: anchors, their names, several names as fox;owl.</summary>
internal static class AnchorInput
{
    /// <summary>The anchors that values mean.</summary>
    /// <param name="values">Anchors and names.</param>
    /// <param name="shelf">Where names are looked up.</param>
    /// <exception cref="NbException">A name is unknown.</exception>
    public static IEnumerable<Anchor> Resolve(IEnumerable<object?> values, AnchorShelf shelf) =>
        values.SelectMany(value => PSValue.Unwrapped(value) is Anchor anchor
            ? [anchor]
            : NameOf(value).Split([',', ';'], StringSplitOptions.TrimEntries).Select(shelf.Find));

    // An anchor that came from a job or a CliXml file is one by name.
    private static string NameOf(object? value) =>
        $"{(value is PSObject { BaseObject: PSCustomObject } row ? row.Properties[nameof(Anchor.Name)]?.Value : value)}";
}
