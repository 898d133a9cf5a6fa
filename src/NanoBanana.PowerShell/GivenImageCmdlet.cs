using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that works on images it is given, after its own first words if it has any.</summary>
public abstract class GivenImageCmdlet : NbCmdlet, IDynamicParameters
{
    /// <inheritdoc/>
    public object GetDynamicParameters() => Inputs;

    /// <summary>The parameters that take the images.</summary>
    private protected virtual ImageInputs Inputs { get; } = new();

    /// <summary>The images that were given, each with what was given for it; what means none is reported.</summary>
    private protected IEnumerable<(object Input, NbImage Image)> GivenImages => Images.Of(Inputs);
}
