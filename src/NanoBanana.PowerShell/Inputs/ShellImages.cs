using NanoBanana.Images;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts a cmdlet's input to images.</summary>
internal sealed class ShellImages(NbCmdlet cmdlet)
{
    /// <summary>Converts typed or piped input to images.</summary>
    /// <param name="input">Images, files, paths, bytes, addresses, or rows that name a path.</param>
    /// <param name="literal">Whether wildcards in paths are plain characters.</param>
    /// <exception cref="NbException">It means none.</exception>
    public IReadOnlyList<NbImage> Of(object? input, bool literal = false) => [.. ImageInput.Resolve(
        input, path => cmdlet.Paths.Pictures(path, literal),
        address => cmdlet.Await(ImageAddress.FetchAsync(address, cmdlet.Stopped)))];

    /// <summary>The images of -InputObject, -Path or -LiteralPath, each with its input; input that is not an image is
    /// reported.</summary>
    public IEnumerable<(object Input, NbImage Image)> Of(ImageInputs inputs) =>
        Each(inputs.Of(cmdlet.ParameterSetName));

    /// <summary>The images of several inputs, each with its input; input that is not an image is reported.</summary>
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
