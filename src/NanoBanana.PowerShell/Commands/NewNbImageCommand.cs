using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Draws images from words, anchors and references.</summary>
[Cmdlet(VerbsCommon.New, "NbImage", SupportsShouldProcess = true)]
[OutputType(typeof(NbImage))]
public sealed class NewNbImageCommand : ManyImagesCmdlet
{
    /// <summary>What to draw: one image for each prompt.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string[] Prompt { get; set; } = [];

    /// <summary>Make the background transparent: the model is asked for a key color far from the subject's, which is then taken out.
    /// The image as the model drew it is kept beside the result.</summary>
    [Parameter]
    public SwitchParameter TransparentBackground { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Before anything is paid for.
        if (TransparentBackground) Demand(() => ImagingExtension.Current.Value);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string prompt in Prompt)
        {
            if (PromptInput.FileOf(prompt, SessionState.Path.CurrentFileSystemLocation.ProviderPath) is { } file)
            {
                Report(RequestErrors.PromptIsPath(file));
                continue;
            }
            string? background = null;
            if (TransparentBackground && !Try(() => background = KeyFor(prompt).Request, prompt)) continue;
            Send(new ImageRequest { Prompt = prompt, PromptSuffix = background });
        }
    }

    /// <inheritdoc/>
    private protected override NbImage Finish(NbImage image)
    {
        if (!TransparentBackground) return image;
        NbImage result = image;
        // What cannot be keyed out is emitted as the model drew it: it was paid for.
        Try(() =>
        {
            IImaging imaging = ImagingExtension.Current.Value;
            KeyedPicture keyed = Await(Task.Run(() => imaging.KeyOut(image.ToSource(), new KeyOptions(), Stopped), Stopped));
            if (RemoveNbBackgroundCommand.Doubt(keyed) is { } doubt) WriteWarning($"{image}: {doubt}");
            NbImage made = RemoveNbBackgroundCommand.Result(image, keyed, "New-NbImage -TransparentBackground");
            string? path = image.Path is null ? null : Path.ChangeExtension(image.Path, null) + "-transparent.png";
            NbImage saved = path is null ? made : ImageFile.Save(made, path, Force, Session);
            // It cost what its source did: in the pipeline, where it stands for it, not on disk, where both lie.
            result = saved with { Cost = image.Cost, Usage = image.Usage };
        }, image);
        return result;
    }

    private KeyColor KeyFor(string prompt)
    {
        Anchor[] anchors = [.. ResolveAnchors()];
        IEnumerable<PictureSource> pictures = anchors.SelectMany(anchor => anchor.Pictures)
            .Select(picture => new PictureSource(picture.Name, picture.Data.Length, picture.Data.OpenRead))
            .Concat(ReferenceImages().Select(image => image.ToSource()));
        string words = string.Join(' ', anchors.Select(anchor => anchor.Description).Prepend(prompt));
        return KeyColor.For(words, [.. pictures.Select(picture => ImagingExtension.Current.Value.Raster(picture, 96, 96))]);
    }
}
