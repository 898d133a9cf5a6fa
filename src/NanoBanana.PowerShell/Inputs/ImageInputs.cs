using System.Management.Automation;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>The parameters of a cmdlet that works on images: Get-NbHistory $fox, Show-NbImage fox*.png. Such cmdlets
/// have different base classes, so they have these as dynamic parameters.</summary>
/// <remarks>The engine binds a cmdlet's own parameters by position first: those must come before these. One that comes
/// after them stands in a derived class.</remarks>
internal class ImageInputs
{
    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = InputSets.Object)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? InputObject { get; set; }

    /// <summary>Paths of the images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.Path)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of the images, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.LiteralPath)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What was given.</summary>
    /// <param name="parameterSet">The parameter set that is bound.</param>
    public IReadOnlyList<object?> Of(string parameterSet) => parameterSet switch
    {
        InputSets.Object => ImageInput.Members(InputObject),
        InputSets.LiteralPath => LiteralPath,
        _ => Path,
    };
}
