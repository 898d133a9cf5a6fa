using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Measures how far each edit has gone from the first picture: the curve over a whole conversation, from disk,
/// free.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "NbDrift", DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(DriftPoint))]
public sealed class MeasureNbDriftCommand : PictureCmdlet
{
    /// <summary>Parts that were meant to change, as left,top,width,height in pixels of the first picture: they are
    /// ignored.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Region { get; set; } = [];

    /// <summary>Compare pixel by pixel, without undoing a shift or another scale first.</summary>
    [Parameter]
    public SwitchParameter NoAlign { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(NbImage image)
    {
        IImaging imaging = Imaging;
        IEnumerator<DriftPoint>? points = null;
        bool isReady = Try(() =>
        {
            ImmutableArray<PixelRegion> regions = [.. RegionInput.Resolve(Region).Select(PixelRegion.Parse)];
            points = DriftCurve.Measure(imaging, image,
                new DriftOptions { Except = regions, Align = !NoAlign }, Stopped).GetEnumerator();
        }, image);
        // Measured one at a time, so that the first is emitted before the last is measured.
        while (isReady && TryWork(() => points!.MoveNext() ? points.Current : null, image, out DriftPoint? point)
            && point is not null)
        {
            WriteObject(point);
        }
        points?.Dispose();
    }
}
