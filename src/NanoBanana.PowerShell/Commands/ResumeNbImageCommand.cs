using System.Management.Automation;
using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Fetches images that were made and paid for, and whose answer did not arrive: the connection broke, the
/// command was stopped, or the process ended.</summary>
[Cmdlet(VerbsLifecycle.Resume, "NbImage", SupportsShouldProcess = true)]
[OutputType(typeof(NbImage))]
public sealed class ResumeNbImageCommand : ServiceCmdlet
{
    private readonly SaveSession _session = new();
    private readonly List<PendingAnswer> _answers = [];

    /// <summary>Folders where the images were to be saved; the current one when it is left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Destination", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["."];

    private protected override bool HoldsLines => true;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string typed in Path)
        {
            Try(() => _answers.AddRange(PendingAnswers.In(Paths.Full(typed))), typed);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        PendingAnswer[] wanted = [.. _answers.DistinctBy(answer => (answer.Folder, answer.Id)).Where(IsWanted)];
        if (wanted.Length == 0)
        {
            WriteVerbose("There are no answers to fetch.");
            return;
        }
        ImageService service = Service;
        var engine = new ImageEngine(service, new EngineOptions(), Stopped);
        ExitGuard.Watch(engine);
        try
        {
            foreach (PendingAnswer answer in wanted)
            {
                var place = new SaveTarget(answer.OutFile, answer.Folder, Force: false, _session)
                {
                    Stem = answer.Stem,
                };
                engine.Add(new PendingOrder(answer, service.Catalog, place));
            }
            while (Await(engine.NextAsync()) is { } step)
            {
                if (step.Outcome is not { } outcome) continue;
                if (outcome.Error is { } error) Report(error, ((PendingOrder)step.Order).Answer.Id);
                foreach (NbImage image in outcome.Images) Emit(image);
                foreach (NbException unsaved in outcome.Unsaved) Report(unsaved);
            }
        }
        finally
        {
            // Also runs after Select-Object -First, a terminating error or Ctrl+C.
            ExitGuard.LetGo(engine);
        }
    }

    private bool IsWanted(PendingAnswer answer) =>
        ShouldProcess($"{answer.Folder}: {answer}", "Fetch an image that was paid for");
}
