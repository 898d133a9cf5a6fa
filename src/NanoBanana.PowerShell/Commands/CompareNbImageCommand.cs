using System.Management.Automation;
using NanoBanana.Conversations;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Says what an edit changed: share of pixels, perceptual distance, a shift of the whole picture, and a map of
/// it.</summary>
[Cmdlet(VerbsData.Compare, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(ImageComparison))]
public sealed class CompareNbImageCommand : PictureCmdlet
{
    private readonly SaveSession _own = new();

    /// <summary>The image before, in any form; the one it was edited from when it is left out.</summary>
    [Parameter]
    [Alias("ReferenceObject", "Before")]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object? Reference { get; set; }

    /// <summary>Distance in OKLab from which a pixel counts as changed; 0.02 is just visible.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Threshold { get; set; } = 0.06;

    /// <summary>The file to save the sheet in: before, after and the map side by side.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Replace an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(NbImage image)
    {
        NbImage? before = null;
        if (!Try(() => before = Before(image), image)) return;
        IImaging imaging = Imaging;
        var options = new CompareOptions(Threshold);
        if (!TryWork(() =>
            imaging.Compare(before!.ToSource(), image.ToSource(), options, Stopped), image,
            out PictureComparison? found))
        {
            return;
        }
        if (!found!.SameRatio) WriteWarning($"{image} has another ratio than {before}: it was stretched to compare.");
        NbImage sheet = NbImage.Foreign(Blob.FromBytes(found.Sheet.Data)) with
        {
            Provenance = new Provenance { CreatedAt = DateTimeOffset.UtcNow },
            Derivation = new Derivation($"Compare-NbImage ({before}, {image})"),
        };
        SaveTarget? place = null;
        if (OutFile is { Length: > 0 } && Try(() => place = PlaceOf(sheet), OutFile)
            && Confirmation.Approves(this, place!.File!, "Save picture", Force))
        {
            Try(() => sheet = place.Save(sheet), place.File);
        }
        WriteObject(new ImageComparison(
            before!, image, found.Changed, found.Distance, found.ShiftX, found.ShiftY, found.ChangedUnshifted, sheet));
    }

    private SaveTarget PlaceOf(NbImage sheet)
    {
        var place = new SaveTarget(Paths.In(folder: null, OutFile), Folder: null, Force, _own);
        place.CheckName(sheet.Format);
        if (ImageFile.HasImageExtension(OutFile!)
            && PictureFormat.OfExtension(System.IO.Path.GetExtension(OutFile)!) != sheet.Format)
        {
            throw FileErrors.UnsupportedExtension(OutFile!, System.IO.Path.GetExtension(OutFile)!,
                sheet.Format.Extension);
        }
        return place;
    }

    private NbImage Before(NbImage image)
    {
        if (Reference is not null) return Images.Of(Reference)[0];
        if (image.Parent is { } parent) return parent;
        if (image is { ParentSha256: { } hash, Path: { } path })
        {
            // The source of an imported edit is in the folder's store.
            return NbImage.Foreign(new BlobStore(System.IO.Path.GetDirectoryName(path)!).Get(hash));
        }
        throw PictureErrors.NothingToCompare(image.ToString());
    }
}
