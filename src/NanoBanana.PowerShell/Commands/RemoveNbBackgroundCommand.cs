using System.Globalization;
using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Makes a flat background transparent, with soft edges and without its glow on the subject.</summary>
[Cmdlet(VerbsCommon.Remove, "NbBackground", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage))]
public sealed class RemoveNbBackgroundCommand : PictureMakerCmdlet
{
    /// <summary>The background's color (#rrggbb); found along the border when it is left out.</summary>
    [Parameter]
    public string? KeyColor { get; set; }

    /// <summary>Distance in OKLab from the background's color up to which a pixel becomes transparent: 0.02 for almost
    /// the same color, 0.4 for a wide range.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Tolerance { get; set; } = 0.12;

    /// <summary>Further distance in OKLab over which pixels become opaque; 0 for hard edges.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Softness { get; set; } = 0.18;

    /// <summary>How much of the background's reflection is removed from the edges, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Despill { get; set; } = 1;

    /// <summary>png or webp; left out, that of -OutFile's extension, otherwise png.</summary>
    [Parameter]
    [ValidateSet("png", "webp")]
    public string? Format { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Format = Demand(() => FormatOf(Format, "png", "webp"));

    /// <inheritdoc/>
    private protected override void ProcessImage(NbImage image)
    {
        IImaging imaging = Imaging;
        var options =
            new KeyOptions(KeyColor, Tolerance, Softness, Despill, Format ?? "png");
        if (!TryWork(() => imaging.KeyOut(image.ToSource(), options, Stopped), image, out KeyedPicture? keyed)) return;
        if (Doubt(keyed!) is { } doubt) WriteWarning($"{image}: {doubt}");
        Emit(Result(image, keyed!, "Remove-NbBackground"), StemOf(image) + "-transparent");
    }

    internal static NbImage Result(NbImage image, KeyedPicture keyed, string command) => image.Derive(keyed.Picture,
        string.Create(CultureInfo.InvariantCulture,
            $"{command} (key {keyed.Color}, {keyed.Transparent:0%} transparent)"));

    internal static string? Doubt(KeyedPicture keyed) => keyed.Border >= 0.9 ? null
        : string.Create(CultureInfo.InvariantCulture,
            $"only {keyed.Border:0%} of the border became transparent: the background is not flat. Another -Tolerance or -KeyColor may help.");
}
