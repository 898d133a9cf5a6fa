using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that looks at pixels: takes images in every form, and asks the imaging extension.</summary>
public abstract class PictureCmdlet : NbCmdlet
{
    private protected const string ObjectSet = "Object";
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    /// <summary>The images: objects of this module, files, paths or bytes.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public object? InputObject { get; set; }

    /// <summary>Paths of the images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Paths of the images, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The extension; a missing one ends the pipeline, since it would be missing for every image.</summary>
    private protected IImaging Imaging => Demand(() => ImagingExtension.Current.Value);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        IEnumerable<object> inputs = ParameterSetName == ObjectSet ? [InputObject!] : literal ? LiteralPath : Path;
        foreach (object input in inputs)
        {
            IReadOnlyList<NbImage> images = [];
            Try(() => images = ImagesOf(input, literal), input);
            foreach (NbImage image in images) ProcessImage(image);
        }
    }

    /// <summary>Runs for every image that comes in.</summary>
    private protected abstract void ProcessImage(NbImage image);

    /// <summary>Works on pixels beside the pipeline's thread, so that Ctrl+C ends the wait at once; a failure is reported.</summary>
    /// <returns>Whether it came to its end.</returns>
    private protected bool TryWork<T>(Func<T> work, object target, out T? result)
    {
        T? got = default;
        bool done = Try(() => got = Await(Task.Run(work, Stopped)), target);
        result = got;
        return done;
    }

    /// <summary>Name of an image's file without its extension, or words of its prompt.</summary>
    private protected static string StemOf(NbImage image) =>
        System.IO.Path.GetFileNameWithoutExtension(image.Path) ?? ImageFile.StemFor(image);
}
