using System.Management.Automation;
using NanoBanana.Batches;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Moves or renames images together with their sidecars and what their conversations need.</summary>
[Cmdlet(VerbsCommon.Move, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage))]
public sealed class MoveNbImageCommand : GivenImageCmdlet
{
    private readonly MoveInputs _inputs = new();
    private readonly HashSet<string> _batches = new(StringComparer.Ordinal);

    /// <summary>Replace files that are there, and do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the images at their new places.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override ImageInputs Inputs => _inputs;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string destination = "";
        if (!Try(() => destination = Paths.Full(_inputs.Destination))) return;
        // As in Save-NbImage, a name with a picture's extension is the file.
        bool isFile = ImageFile.HasImageExtension(destination) && !Directory.Exists(destination);
        foreach ((object input, NbImage image) in GivenImages)
        {
            if (image.Path is not { } source)
            {
                Report(ImageErrors.NotSaved(image.ToString()), input);
                continue;
            }
            string target = isFile ? destination
                : System.IO.Path.Combine(destination, System.IO.Path.GetFileName(source));
            const string Action = "Move the image and its conversation";
            if (!Confirmation.Approves(this, $"{source} to {target}", Action, Force)) continue;
            NbImage moved = image;
            if (!Try(() => moved = ImageMove.Run(image, target, Force), input)) continue;
            WarnOfBatch(System.IO.Path.GetDirectoryName(source)!);
            if (PassThru) WriteObject(moved);
        }
    }

    private void WarnOfBatch(string folder)
    {
        if (!Batch.IsAt(folder) || !_batches.Add(folder)) return;
        WriteWarning($"'{folder}' is a batch, which makes again what it does not find. "
            + "To rename a picture of it, give its item another outFile.");
    }
}
