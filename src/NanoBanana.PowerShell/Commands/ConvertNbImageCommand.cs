using System.Globalization;
using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Resizes images and changes their format: to a size, or to several presets at once.</summary>
[Cmdlet(VerbsData.Convert, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage))]
public sealed class ConvertNbImageCommand : PictureMakerCmdlet
{
    private IReadOnlyList<(string Name, PictureTarget? Target)> _wanted = [];

    /// <summary>Width in pixels, 1 to 16384; without -Height the ratio is kept.</summary>
    [Parameter]
    [ValidateRange(1, PictureLimits.Side)]
    public int? Width { get; set; }

    /// <summary>Height in pixels, 1 to 16384; without -Width the ratio is kept.</summary>
    [Parameter]
    [ValidateRange(1, PictureLimits.Side)]
    public int? Height { get; set; }

    /// <summary>How a picture of another ratio is fitted into the size: whole inside (Contain), filling (Cover), whole
    /// with a border (Pad), stretched (Exact).</summary>
    [Parameter]
    public PictureFit Fit { get; set; } = PictureFit.Contain;

    /// <summary>png, jpeg or webp; left out, that of -OutFile's extension, otherwise of the preset or the
    /// image.</summary>
    [Parameter]
    [ValidateSet("png", "jpeg", "webp")]
    public string? Format { get; set; }

    /// <summary>1 to 100, for jpeg and webp; 90 when it is left out.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int? Quality { get; set; }

    /// <summary>Color (#rrggbb) behind transparent parts, and of the border that Pad adds.</summary>
    [Parameter]
    public string? Background { get; set; }

    /// <summary>Names of presets, with * and ?; all are made of one decoded picture.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PresetCompleter))]
    [SupportsWildcards]
    public string[] Preset { get; set; } = [];

    /// <summary>A JSON file of further presets; those of the same name replace the built-in ones.</summary>
    [Parameter]
    public string? PresetPath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Format = Demand(() => FormatOf(Format, "png", "jpeg", "webp"));
        _wanted = Demand(Wanted);
    }

    /// <inheritdoc/>
    private protected override void ProcessImage(NbImage image)
    {
        (string Name, PictureTarget Target)[] wanted =
            [.. _wanted.Select(item => (item.Name, item.Target ?? TypedTarget(image)))];
        IImaging imaging = Imaging;
        using IEnumerator<PictureResult> results =
            imaging.Convert(image.ToSource(), [.. wanted.Select(item => item.Target)], Stopped).GetEnumerator();
        foreach ((string name, PictureTarget target) in wanted)
        {
            if (!TryWork(results.MoveNext, image, out bool more) || !more) return;
            PictureResult result = results.Current;
            string size = string.Create(CultureInfo.InvariantCulture, $"{result.Width}x{result.Height}");
            string what = name.Length > 0 ? $"{name}, {size}" : size;
            Emit(image.Derive(result, $"Convert-NbImage ({what}, {target.Fit}, {target.Format})"),
                $"{StemOf(image)}-{(name.Length > 0 ? name : size)}");
        }
    }

    private List<(string, PictureTarget?)> Wanted()
    {
        if (Preset.Length == 0)
        {
            return Width is null && Height is null && Format is null
                && Quality is null ? throw PictureErrors.NothingToConvert() : [("", null)];
        }
        IReadOnlyList<Preset> all = PresetCompleter.Load(PresetPath is null ? null : Paths.Full(PresetPath));
        var chosen = new List<(string, PictureTarget?)>();
        foreach (string name in Preset)
        {
            var pattern = new NamePattern(name);
            Preset[] found = [.. all.Where(preset => pattern.Matches(preset.Name))];
            if (found.Length == 0) throw PresetErrors.Unknown(name, all.Select(preset => preset.Name));
            chosen.AddRange(found.Select(preset => (preset.Name, (PictureTarget?)(preset.ToTarget() with
            {
                Format = Format ?? preset.Format,
                Quality = Quality ?? preset.Quality,
                Background = Background,
            }))));
        }
        return [.. chosen.DistinctBy(item => item.Item1)];
    }

    private PictureTarget TypedTarget(NbImage image) => new()
    {
        Width = Width,
        Height = Height,
        Fit = Fit,
        Format = Format ?? NameOf(image.Format) ?? "png",
        Quality = Quality,
        Background = Background,
    };
}
