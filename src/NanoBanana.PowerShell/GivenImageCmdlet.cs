using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets that work on given images, after their own positional parameters, if any.</summary>
public abstract class GivenImageCmdlet : NbCmdlet, IDynamicParameters
{
    /// <inheritdoc/>
    public object GetDynamicParameters() => Inputs;

    /// <summary>The parameters that take the images.</summary>
    private protected virtual ImageInputs Inputs { get; } = new();

    /// <summary>The given images, each with its input; input that is not an image is reported.</summary>
    private protected IEnumerable<(object Input, NbImage Image)> GivenImages => Images.Of(Inputs);
}
