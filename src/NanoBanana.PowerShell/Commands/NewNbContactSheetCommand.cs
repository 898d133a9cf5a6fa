using System.Globalization;
using System.Management.Automation;
using NanoBanana.Conversations;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lays images out on one sheet, with captions; the anchors they were made with come first.</summary>
[Cmdlet(VerbsCommon.New, "NbContactSheet", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage))]
public sealed class NewNbContactSheetCommand : PictureMakerCmdlet
{
    private readonly List<NbImage> _images = [];

    /// <summary>Title above the pictures; letters beyond ASCII lose their accents.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>Images in a row; as many as make the sheet nearly square when it is left out.</summary>
    [Parameter]
    [ValidateRange(1, 40)]
    public int Column { get; set; }

    /// <summary>Width of an image's place in pixels.</summary>
    [Parameter]
    [ValidateRange(64, 2048)]
    public int CellWidth { get; set; } = 320;

    /// <summary>png, jpeg or webp; left out, that of -OutFile's extension, otherwise png.</summary>
    [Parameter]
    [ValidateSet("png", "jpeg", "webp")]
    public string? Format { get; set; }

    /// <summary>Leave the anchors out.</summary>
    [Parameter]
    public SwitchParameter NoAnchor { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Format = Demand(() => FormatOf(Format, "png", "jpeg", "webp"));

    /// <inheritdoc/>
    private protected override void ProcessImage(NbImage image) => _images.Add(image);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_images.Count == 0) return;
        IImaging imaging = Imaging;
        SheetCell[] cells = [.. NoAnchor ? [] : Anchors(), .. _images.Select(CellOf)];
        var options = new SheetOptions(Column, CellWidth, Title, Format ?? "png");
        if (!TryWork(() => imaging.Sheet(cells, options, Stopped), Title ?? "contact sheet", out PictureResult? sheet))
        {
            return;
        }
        string how = string.Create(CultureInfo.InvariantCulture, $"New-NbContactSheet ({_images.Count} images)");
        Emit(NbImage.Foreign(Blob.FromBytes(sheet!.Data)) with
        {
            Provenance = new Provenance { CreatedAt = DateTimeOffset.UtcNow },
            Derivation = new Derivation(how),
        }, "contact-sheet");
    }

    private IEnumerable<SheetCell> Anchors() => _images.SelectMany(image => image.References)
        .Where(reference => reference is { Name: not null, Picture.IsImage: true })
        .DistinctBy(reference => (reference.Name, reference.Picture.Data.Sha256))
        .Select(reference => new SheetCell(
            reference.Picture.ToSource(reference.Name),
            [reference.Name!, $"{reference.Role} anchor"], IsMarked: true));

    private static SheetCell CellOf(NbImage image)
    {
        string cost = image.Cost is { } usd ? $"  {Readable.Money(usd)}" : "";
        return new SheetCell(image.ToSource(),
            [StemOf(image), $"{image.Model ?? image.MimeType}", $"{image.Width}x{image.Height}{cost}"]);
    }
}
