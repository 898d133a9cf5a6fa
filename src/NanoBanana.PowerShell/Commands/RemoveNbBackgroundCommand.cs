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

    /// <summary>How far from it a pixel's color may be and still become transparent, in OKLab: 0.02 for almost the same
    /// color, 0.4 for a wide range.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Tolerance { get; set; } = 0.12;

    /// <summary>Over which further distance it fades in, in OKLab; 0 for hard edges.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Softness { get; set; } = 0.18;

    /// <summary>How much of the background's glow is taken off the edges, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Despill { get; set; } = 1;

    /// <summary>png or webp; when it is left out, the one that -OutFile's extension says, else png.</summary>
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
