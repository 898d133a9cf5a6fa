using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Saves images as the service sent them, with what they remember beside them.</summary>
[Cmdlet(VerbsData.Save, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = DestinationSet)]
[OutputType(typeof(NbImage))]
public sealed class SaveNbImageCommand : NbCmdlet
{
    private const string DestinationSet = "Destination";
    private const string PathSet = "Path";

    /// <summary>The images.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public NbImage[] InputObject { get; set; } = [];

    /// <summary>The file; numbered where it is taken, its extension made to fit the bytes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    public string Path { get; set; } = "";

    /// <summary>The folder, created when missing; names are made of the prompts.</summary>
    [Parameter(Position = 0, ParameterSetName = DestinationSet)]
    public string Destination { get; set; } = ".";

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (NbImage image in InputObject)
        {
            string typed = ParameterSetName == PathSet ? Path : Destination;
            string? target = null;
            if (!Try(() => target = FullPath(typed), typed) || !Approved(image, target!)) continue;
            NbImage saved = image;
            bool done = Try(
                () => saved = ParameterSetName == PathSet ? ImageFolder.Save(image, target!, Force) : ImageFolder.SaveIn(image, target!, Force),
                typed);
            if (done) WriteObject(saved);
        }
    }

    private bool Approved(NbImage image, string target)
    {
        if (Force && !Preferences.WhatIf(this)) return true;
        string what = $"Save {image} ({image.MimeType}, {Readable.Bytes(image.Length)}) and its conversation "
            + (ParameterSetName == PathSet ? $"as {target}" : $"in {target} as {ImageFolder.StemFor(image)}");
        return ShouldProcess(what, $"{what}\nGo on?", "Save images");
    }
}
