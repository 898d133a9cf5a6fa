using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet whose first words are paths of images: Show-NbImage fox*.png.</summary>
public abstract class ImagePathCmdlet : NbCmdlet
{
    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputSets.Object)]
    public object? InputObject { get; set; }

    /// <summary>Paths of the images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = InputSets.Path)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of the images, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSets.LiteralPath)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The images that were given, each with what was given for it; what means none is reported.</summary>
    private protected IEnumerable<(object Input, NbImage Image)> GivenImages => Images.Each(ParameterSetName switch
    {
        InputSets.Object => [InputObject],
        InputSets.LiteralPath => LiteralPath,
        _ => Path,
    });
}
