using System.Management.Automation;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>The parameters of a cmdlet that moves images: where to comes after them.</summary>
internal sealed class MoveInputs : ImageInputs
{
    /// <summary>The folder to move to, created when missing; or the file's new name or path, with a picture's
    /// extension.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";
}
