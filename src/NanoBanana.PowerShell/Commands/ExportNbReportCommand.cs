using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using NanoBanana.Batches.Reviews;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Reports;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Writes a page to review a folder of images, a batch or some images: one HTML file that needs no
/// network.</summary>
[Cmdlet(VerbsData.Export, "NbReport", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Path)]
[OutputType(typeof(FileInfo))]
public sealed class ExportNbReportCommand : NbCmdlet
{
    private const int ThumbnailSide = 640;

    private readonly List<NbImage> _images = [];
    private readonly Dictionary<string, string?> _thumbnails = new(StringComparer.Ordinal);

    /// <summary>Folders of images or of batches.</summary>
    [Parameter(Position = 0, ParameterSetName = InputSets.Path)]
    [Alias("Destination")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[] Path { get; set; } = ["."];

    /// <summary>What comes from the pipeline: batches and folders get a page each, images one page together.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputSets.Object)]
    public object? InputObject { get; set; }

    /// <summary>The page; report.html in the folder, or for images in the current location, when it is left out.
    /// Pictures are linked relative to it.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Title of the page; the folder's name when it is left out.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>Include subfolders.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Put the pictures into the page, 640 pixels at most, so that it can be sent by mail; otherwise it links
    /// the files.</summary>
    [Parameter]
    public SwitchParameter SelfContained { get; set; }

    /// <summary>Open the page in the browser. The file is then emitted with -PassThru only.</summary>
    [Parameter]
    public SwitchParameter Show { get; set; }

    /// <summary>Emit the file although -Show opens it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Serve the page of one folder or batch on this machine, where it takes approvals, rejections and notes,
    /// until Done is pressed there or Ctrl+C. They go to review.json in the folder, which is emitted then, for
    /// Start-NbBatch -Approved.</summary>
    [Parameter]
    public SwitchParameter Serve { get; set; }

    /// <summary>The port of -Serve; any free one when it is left out.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Demand(CheckTogether);
        if (SelfContained) Demand(() => ImagingExtension.Current.Value);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputSets.Path)
        {
            foreach (string folder in Path) ShowFolder(folder);
            return;
        }
        if (FolderOf(InputObject) is { } given) ShowFolder(given);
        else if (Serve) Report(ReviewErrors.NotAFolder($"{InputObject}"), InputObject);
        else Try(() => _images.AddRange(Images.Of(InputObject)), InputObject);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_images.Count == 0) return;
        Export(() => Paths.Full(OutFile ?? ReportPage.FileName),
            page => ReportPage.Export(_images, page, ErrorRecords.Words, Title, Embed()), _images);
    }

    private object? CheckTogether()
    {
        Dictionary<string, object> bound = MyInvocation.BoundParameters;
        if (!Serve && bound.ContainsKey(nameof(Port))) throw UsageErrors.Without(UsageErrors.Port, UsageErrors.Serve);
        if (Serve && OutFile is not null) throw UsageErrors.Beside(UsageErrors.OutFile, UsageErrors.Serve);
        if (Serve && PassThru) throw UsageErrors.Beside(UsageErrors.PassThru, UsageErrors.Serve);
        if (Serve && SelfContained) throw UsageErrors.Beside(UsageErrors.SelfContained, UsageErrors.Serve);
        return null;
    }

    private void ShowFolder(string folder)
    {
        if (Serve) Try(() => ServeFolder(Paths.Full(folder)), folder);
        else ExportFolder(folder);
    }

    private void ServeFolder(string folder)
    {
        if (!ShouldProcess(folder, "Serve review page")) return;
        using var server = ReviewServer.Start(folder, ErrorRecords.Words, Port, Title, Recurse);
        WriteInformation(new HostInformationMessage
        {
            Message = $"Review at {server.Address} (Done in the page, or Ctrl+C, ends).",
        }, ["PSHOST"]);
        if (Show) Open(server.Address);
        Await(Task.WhenAny(server.Completion));
        if (!File.Exists(server.ReviewPath)) WriteWarning("No picture was reviewed.");
        else WriteObject(InvokeProvider.Item.Get([server.ReviewPath], force: true, literalPath: true), true);
    }

    private void Open(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            WriteWarning($"The browser does not open: {e.Message} Open the address by hand.");
        }
    }

    private string? FolderOf(object? input) => PSValue.Unwrapped(input) switch
    {
        NbBatch batch => batch.Destination,
        DirectoryInfo folder => folder.FullName,
        string text when Directory.Exists(Paths.Full(text)) => text,
        _ => null,
    };

    private void ExportFolder(string folder)
    {
        Export(() => OutFile is null ? System.IO.Path.Combine(Paths.Full(folder), ReportPage.FileName)
                : Paths.Full(OutFile),
            page => ReportPage.Export(Paths.Full(folder), ErrorRecords.Words, page, Title, Recurse, Embed()), folder);
    }

    private void Export(Func<string> place, Func<string, string> write, object target)
    {
        string? page = null;
        bool isDone = Try(() =>
        {
            string path = place();
            if (ShouldProcess(path, "Write review page")) page = write(path);
        }, target);
        if (!isDone || page is null) return;
        // Emitted like Get-Item does, because a plain FileInfo is displayed without its folder.
        Collection<PSObject> file = InvokeProvider.Item.Get([page], force: true, literalPath: true);
        if (Show) InvokeProvider.Item.Invoke([page], literalPath: true);
        if (!Show || PassThru) WriteObject(file, enumerateCollection: true);
    }

    private Func<string, string?>? Embed() => SelfContained ? Thumbnail : null;

    private string? Thumbnail(string path)
    {
        if (_thumbnails.TryGetValue(path, out string? known)) return known;
        string? made = null;
        try
        {
            Stopped.ThrowIfCancellationRequested();
            IImaging imaging = ImagingExtension.Current.Value;
            NbImage picture = NbImage.Foreign(Blob.FromFile(path), path);
            bool isLarge = Math.Max(picture.Width, picture.Height) > ThumbnailSide;
            int? side = isLarge ? ThumbnailSide : null;
            var target = new PictureTarget { Width = side, Height = side, Format = "webp", Quality = 80 };
            PictureResult result = imaging.Convert(picture.ToSource(), [target], Stopped).Single();
            made = $"data:image/webp;base64,{Convert.ToBase64String(result.Data.Span)}";
        }
        catch (NbException e)
        {
            WriteWarning($"{path} is not in the page: {e.Message}");
        }
        return _thumbnails[path] = made;
    }
}
