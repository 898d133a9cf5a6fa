using System.Management.Automation;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>The parameters of a cmdlet that writes lettering into images: its table comes after them.</summary>
internal sealed class LocalizationInputs : ImageInputs
{
    /// <summary>The lettering: a table in a file (CSV or JSON), rows as Import-Csv reads them, or a hashtable such as
    /// @{ de = 'Hallo'; ja = 'こんにちは' }.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public object Text { get; set; } = "";

    // Declared here and not in the cmdlet: a cmdlet's own names are bound first, and -Text would be an abbreviation of
    // -TextName.
    /// <summary>Names (keys) of the texts in the picture, in their order. Left out, all texts of the table.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] TextName { get; set; } = [];
}
