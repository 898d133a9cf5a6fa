using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Brings images back with the conversations that made them; a picture without a sidecar comes as a foreign
/// one.</summary>
[Cmdlet(VerbsData.Import, "NbImage", DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage), typeof(NbText))]
public sealed class ImportNbImageCommand : GivenImageCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case InputSets.Path:
                foreach (string typed in Inputs.Path) ImportTyped(typed);
                break;
            case InputSets.LiteralPath:
                foreach (string path in Inputs.LiteralPath) ImportPath(path, literal: true);
                break;
            default:
                foreach (object? input in Inputs.Of(ParameterSetName)) ImportObject(input);
                break;
        }
    }

    private void ImportObject(object? input)
    {
        switch (PSValue.Unwrapped(input))
        {
            case FileSystemInfo file:
                ImportPath(file.FullName, literal: true);
                break;
            case string typed:
                ImportTyped(typed);
                break;
            case PSCustomObject when ImageInput.PathOf(input) is { } named:
                ImportTyped(named);
                break;
            default:
                ImportOther(input);
                break;
        }
    }

    private void ImportTyped(string typed)
    {
        foreach (string line in ImageInput.Lines(typed))
        {
            if (ImageAddress.IsAddress(line)) ImportOther(line);
            else ImportPath(line, literal: false);
        }
    }

    private void ImportOther(object? input)
    {
        IReadOnlyList<NbImage> images = [];
        if (Try(() => images = Images.Of(input), input)) WriteObject(images, enumerateCollection: true);
    }

    private void ImportPath(string typed, bool literal)
    {
        IEnumerable<string> paths = [];
        if (!Try(() => paths = [.. Expand(typed, literal)], typed)) return;
        foreach (string path in paths)
        {
            IReadOnlyList<NbImage> images = [];
            if (Try(() => images = ImagesIn(path), path)) WriteObject(images, enumerateCollection: true);
        }
    }

    private static IReadOnlyList<NbImage> ImagesIn(string path) =>
        KeptAnswerFile.IsNamed(path) ? KeptAnswerFile.Import(path) : [ImageFile.Import(path)];

    // A folder or a wildcard means the pictures in it; only a file named explicitly must be a picture.
    private IEnumerable<string> Expand(string typed, bool literal)
    {
        IReadOnlyCollection<string> paths = Paths.All(typed, literal);
        bool named = !Paths.IsPattern(typed, literal);
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                if (named) foreach (string inside in ImageFile.List(path)) yield return inside;
            }
            // Sidecars of a piped folder are skipped, because their pictures are piped too.
            else if (literal ? !ImageFile.IsSidecar(path) : named || ImageFile.HasImageExtension(path))
            {
                yield return path;
            }
        }
    }
}
