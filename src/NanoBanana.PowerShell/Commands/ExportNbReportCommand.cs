using System.Management.Automation;
using NanoBanana.Reports;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Writes a page to review a folder of images or a batch: one HTML file that needs no network.</summary>
[Cmdlet(VerbsData.Export, "NbReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportNbReportCommand : NbCmdlet
{
    /// <summary>The folder of the images, or of the batch.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "Batch")]
    public string[] Destination { get; set; } = ["."];

    /// <summary>The page; report.html in the folder when it is left out. Pictures are linked relative to it.</summary>
    [Parameter]
    [Alias("OutFile")]
    public string? Path { get; set; }

    /// <summary>What stands above the page; the folder's name when it is left out.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>Look through the folders inside too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string folder in Destination)
        {
            string? page = null;
            bool done = Try(() =>
            {
                string full = Paths.Full(folder);
                string path = Path is null ? System.IO.Path.Combine(full, ReportPage.FileName) : Paths.Full(Path);
                if (ShouldProcess(path, "Write review page"))
                {
                    page = ReportPage.Export(full, ErrorRecords.Words, path, Title, Recurse);
                }
            }, folder);
            if (done && page is not null) WriteObject(new FileInfo(page));
        }
    }
}
