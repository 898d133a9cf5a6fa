using NanoBanana.Images;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Images as the shell that a cmdlet runs in means them.</summary>
internal sealed class ShellImages(NbCmdlet cmdlet)
{
    /// <summary>The images that something typed or piped means.</summary>
    /// <param name="input">Images, files, paths, bytes, addresses, or rows that name a path.</param>
    /// <param name="literal">Whether wildcards in paths are plain characters.</param>
    /// <exception cref="NbException">It means none.</exception>
    public IReadOnlyList<NbImage> Of(object? input, bool literal = false) => [.. ImageInput.Resolve(
        input, path => cmdlet.Paths.Pictures(path, literal),
        address => cmdlet.Await(ImageAddress.FetchAsync(address, cmdlet.Stopped)))];

    /// <summary>The images that -InputObject, -Path or -LiteralPath mean, each with what was given for it; what means
    /// none is reported.</summary>
    public IEnumerable<(object Input, NbImage Image)> Of(ImageInputs inputs) =>
        Each(inputs.Of(cmdlet.ParameterSetName));

    /// <summary>The images of several inputs, each with what was given for it; what means none is reported.</summary>
    public IEnumerable<(object Input, NbImage Image)> Each(IEnumerable<object?> inputs)
    {
        bool literal = cmdlet.ParameterSetName == InputSets.LiteralPath;
        foreach (object? input in inputs)
        {
            IReadOnlyList<NbImage> images = [];
            cmdlet.Try(() => images = Of(input, literal), input);
            foreach (NbImage image in images) yield return (input!, image);
        }
    }
}
