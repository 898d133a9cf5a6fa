using System.Management.Automation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts input to anchors: anchors, their names, or several names as fox;owl.</summary>
internal static class AnchorInput
{
    /// <summary>Converts values to anchors.</summary>
    /// <param name="values">Anchors and names.</param>
    /// <param name="shelf">Where names are looked up.</param>
    /// <exception cref="NbException">A name is unknown.</exception>
    public static IEnumerable<Anchor> Resolve(IEnumerable<object?> values, AnchorShelf shelf) =>
        values.SelectMany(value => PSValue.Unwrapped(value) is Anchor anchor
            ? [anchor]
            : NameOf(value).Split([',', ';'], StringSplitOptions.TrimEntries).Select(shelf.Find));

    // An anchor from a job or a CliXml file is used by its name.
    private static string NameOf(object? value) =>
        $"{(value is PSObject { BaseObject: PSCustomObject } row ? row.Properties[nameof(Anchor.Name)]?.Value : value)}";
}
