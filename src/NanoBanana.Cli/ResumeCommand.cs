using System.CommandLine;
using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.Cli;

/// <summary><c>nb resume</c>: fetches images that were made and paid for but whose answer was lost.</summary>
internal sealed class ResumeCommand
{
    private readonly Argument<string[]> _folders = new("DIR")
    {
        Description = "Folders where the images were to be saved; left out, this one.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _dryRun =
        new("--dry-run") { Description = "Print what would be fetched, and fetch nothing." };

    private readonly ServiceOptions _service;

    private ResumeCommand(Command command)
    {
        command.Arguments.Add(_folders);
        command.Options.Add(_dryRun);
        _service = new ServiceOptions().AddTo(command);
    }

    public static Command Create()
    {
        var command = new Command("resume",
            "Fetch images that were paid for and did not arrive: with --api interactions the service keeps them.");
        command.SetAction(new ResumeCommand(command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken _)
    {
        var printer = new Printer();
        try
        {
            string[] folders = parsed.GetValue(_folders) is { Length: > 0 } given ? given : ["."];
            PendingAnswer[] wanted = [.. folders.SelectMany(folder => PendingAnswers.In(Path.GetFullPath(folder)))
                .DistinctBy(answer => (answer.Folder, answer.Id))];
            if (parsed.GetValue(_dryRun))
            {
                foreach (PendingAnswer answer in wanted) printer.Line($"{answer.Folder}: {answer}");
                return ExitCode.Success;
            }
            if (wanted.Length > 0) return await FetchAsync(parsed, wanted, printer).ConfigureAwait(false);
            printer.Line("There are no answers to fetch.");
            return ExitCode.Success;
        }
        catch (NbException e)
        {
            printer.Error(e);
            return e.Kind == NbErrorKind.InvalidArgument ? ExitCode.Usage : ExitCode.SomeFailed;
        }
    }

    private async Task<int> FetchAsync(
        ParseResult parsed, PendingAnswer[] wanted, Printer printer)
    {
        using ImageService service = _service.Connect(parsed, isSending: true);
        var session = new SaveSession();
        bool isWhole = true;
        int ended = 0;
        using var signals = new EndSignals(printer.Warn);
        var engine = new ImageEngine(service, new EngineOptions { Stopping = signals.Stopping }, signals.Aborted);
        await using (engine.ConfigureAwait(false))
        {
            foreach (PendingAnswer answer in wanted)
            {
                var place = new SaveTarget(answer.OutFile, answer.Folder, Force: false, session) { Stem = answer.Stem };
                engine.Add(new PendingOrder(answer, service.Catalog, place));
            }
            while (await engine.NextAsync().ConfigureAwait(false) is { } step)
            {
                if (step.Outcome is not { } outcome) continue;
                ended++;
                foreach (NbImage image in outcome.Images) printer.Line($"{image.Path}");
                foreach (NbException unsaved in outcome.Unsaved) printer.Error(unsaved);
                if (outcome.Error is { } error) printer.Error(error);
                isWhole &= outcome.Error is null && outcome.Unsaved.IsEmpty;
            }
        }
        if (ended < wanted.Length)
        {
            printer.Warn($"{wanted.Length - ended} of {wanted.Length} were not fetched: run this again for them.");
        }
        return isWhole && ended == wanted.Length ? ExitCode.Success : ExitCode.SomeFailed;
    }
}
