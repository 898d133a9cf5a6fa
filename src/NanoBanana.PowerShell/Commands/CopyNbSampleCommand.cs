using System.Management.Automation;
using NanoBanana.Emulator.Faults;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Puts sample files in a folder: what the examples of the help work on. The built-in emulator draws the
/// pictures: no key, no network, no cost.</summary>
[Cmdlet(VerbsCommon.Copy, "NbSample", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class CopyNbSampleCommand : NbCmdlet
{
    // A sample photo has no history, so it is saved without a sidecar.
    private static readonly (string File, string Prompt, bool IsPhoto)[] Pictures =
    [
        ("fox.jpg", "a red fox", false),
        ("owl.jpg", "an owl", false),
        ("photo.jpg", "a house by the sea", true),
        ("shots/a-fox.jpg", "a fox", false),
        ("shots/an-owl.jpg", "an owl", false),
    ];

    private static readonly string[] Texts = ["jobs.csv", "campaign.json"];

    /// <summary>The folder, created when missing; the current one when it is left out.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>Replace existing files; otherwise they stay unchanged.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string folder = Demand(() => Paths.Full(Destination));
        using NbConnection connection = NbConnection.Offline(
            new GeminiClientOptions(), ModelCatalog.BuiltIn, PromptComposer.BuiltIn, model: null, FaultScript.None,
            catalogPath: null);
        foreach ((string file, string prompt, bool isPhoto) in Pictures)
        {
            Copy(Path.Combine(folder, file), path => Draw(connection.Service, prompt, path, isPhoto));
        }
        foreach (string file in Texts) Copy(Path.Combine(folder, file), path => Write(file, path));
    }

    private void Copy(string path, Action<string> write)
    {
        if (!Force && File.Exists(path))
        {
            WriteVerbose($"'{path}' is there already, and stays as it is.");
            return;
        }
        if (!ShouldProcess(path, "Write a sample")) return;
        if (Try(() => write(path), path)) WriteObject(new FileInfo(path));
    }

    private void Draw(ImageService service, string prompt, string path, bool isPhoto)
    {
        PreparedRequest request = service.Prepare(new ImageRequest { Prompt = prompt });
        NbImage image = Await(service.SendAsync(request, BlobSink.Memory, Stopped))[0];
        ImageFile.Save(isPhoto ? NbImage.Foreign(image.Data) : image, path, force: true);
    }

    private static void Write(string name, string path)
    {
        using Stream source = typeof(CopyNbSampleCommand).Assembly.GetManifestResourceStream(name)!;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using FileStream target = File.Create(path);
            source.CopyTo(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Unwritable(path, e);
        }
    }
}
