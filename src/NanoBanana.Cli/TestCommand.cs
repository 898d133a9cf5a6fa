using System.CommandLine;
using System.Text.Json.Nodes;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Cli;

/// <summary><c>nb test</c>: whether pictures are what they should be, for scripts: the exit code says it.</summary>
internal sealed class TestCommand
{
    private readonly Argument<string[]> _pictures = new("PICTURE")
    {
        Description = "The pictures to check; - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _anchors = new("--anchor")
    {
        Description = "Name of an anchor they should match; may be given again. Without any other check, "
            + "those that each picture was made with.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _references = new("--reference")
    {
        Description = "Another picture they should match; may be given again.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _lettering = new("--lettering")
    {
        Description = "Lettering they should have: a judge reads it, and it is compared letter by letter.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<DirectoryInfo> _library = ImageCommand.LibraryOption();

    private readonly Option<string?> _prompt =
        new("--prompt") { Description = "The prompt they should match.", HelpName = "TEXT" };

    private readonly Option<FileInfo?> _policy =
        new("--policy") { Description = "The brand's gates: a JSON file.", HelpName = "FILE" };

    private readonly Option<string?> _against = new("--against")
    {
        Description = "The picture to compare them with, pixel by pixel: measured, free.",
        HelpName = "FILE",
    };

    private readonly Option<double?> _maximumDrift = new("--maximum-drift")
    {
        Description = "Gray levels (0 to 255) by which they may differ from --against.", HelpName = "N",
    };

    private readonly Option<double?> _minimumScore = new("--minimum-score")
    {
        Description = "The lowest accepted score, 0 to 1; left out, the policy's, then the judge's.", HelpName = "N",
    };

    private readonly Option<string?> _judgeModel =
        new("--judge-model") { Description = "The model that judges: an id or alias.", HelpName = "M" };

    private readonly Option<int> _votes = new("--votes")
    {
        Description = "How often each is judged; the median is used, and each vote costs.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<decimal?> _maxCost =
        new("--max-cost") { Description = "USD that judging may cost.", HelpName = "USD" };

    private readonly Option<bool> _json = new("--json") { Description = "Print each result as a line of JSON." };

    private readonly Option<bool> _dryRun =
        new("--dry-run") { Description = "Print what judging would cost, and send nothing." };

    // What is checked is the PICTURE, and judging makes no image.
    private static readonly WordList Words =
        Printer.SingleWords.With(typeof(TestCommand).Assembly.GetManifestResourceStream("test.words.json")!);

    private readonly ServiceOptions _service;

    private TestCommand(Command command)
    {
        _maxCost.Between(0);
        _votes.Between(1, 15);
        _prompt.NotBlank();
        _judgeModel.NotBlank();
        _against.NotBlank();
        _minimumScore.Between(0, 1);
        _maximumDrift.Between(0, 255);
        command.Arguments.Add(_pictures);
        foreach (Option option in new Option[]
        {
            _anchors, _library, _references, _prompt, _lettering, _policy, _against, _maximumDrift, _minimumScore,
            _judgeModel, _votes, _maxCost, _json, _dryRun,
        })
        {
            command.Options.Add(option);
        }
        _service = new ServiceOptions().AddTo(command);
    }

    /// <summary><c>nb test</c>.</summary>
    public static Command Create()
    {
        var command = new Command("test",
            "Check pictures: nb test fox2.jpg --anchor fox. Exit code 1 if one fails.");
        command.SetAction(new TestCommand(command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken _)
    {
        bool isJson = parsed.GetValue(_json);
        var printer = new Printer(Words);
        bool isSent = false;
        try
        {
            ImageCommand.DemandOneInput([.. parsed.GetRequiredValue(_pictures), parsed.GetValue(_against)]);
            CheckOptions options = await OptionsAsync(parsed).ConfigureAwait(false);
            IPictureMeter meter = ImagingExtension.Current.Value;
            var images = new List<NbImage>();
            foreach (string path in parsed.GetRequiredValue(_pictures))
            {
                images.Add(await ImageCommand.SourceAsync(path).ConfigureAwait(false));
            }
            CheckOptions[] asked = [.. images.Select(options.For)];
            options.DemandUsed(parsed.GetResult(_votes) is { Implicit: false } ? parsed.GetValue(_votes) : null,
                parsed.GetValue(_judgeModel));
            bool isDry = parsed.GetValue(_dryRun);
            // What is only measured needs no key.
            bool isJudged = asked.Any(one => one.NeedsJudge);
            using ImageService service = _service.Connect(parsed, isSending: isJudged && !isDry);
            Judge? judge = isJudged ? service.Judge(parsed.GetValue(_judgeModel), parsed.GetValue(_votes)) : null;
            using var signals = new EndSignals(printer.Warn);
            if (judge is not null && !isDry) await judge.DemandAsync(signals.Aborted).ConfigureAwait(false);
            var budget = new Budget(parsed.GetValue(_maxCost), service.Allowance);
            int code = ExitCode.Success;
            isSent = true;
            for (int at = 0; at < images.Count; at++)
            {
                (NbImage image, CheckOptions one) = (images[at], asked[at]);
                if (signals.Stopping.IsCompleted)
                {
                    printer.Warn($"Stopped: {images.Count - at} of {images.Count} pictures were not checked.");
                    return ExitCode.SomeFailed;
                }
                var checker = new ImageChecker(meter, judge, one);
                if (isDry) PrintPlan(image, checker, isJson, printer);
                else code = Math.Max(code,
                    await CheckAsync(checker, image, budget, isJson, printer, signals.Aborted).ConfigureAwait(false));
            }
            return code;
        }
        catch (NbException e)
        {
            ImageCommand.Tell(e, isJson, printer);
            return isSent ? ExitCode.Of(e) : ExitCode.Unsent(e);
        }
        catch (OperationCanceledException)
        {
            printer.Warn("Aborted: requests in flight may have been billed.");
            return ExitCode.SomeFailed;
        }
    }

    private async Task<CheckOptions> OptionsAsync(ParseResult parsed)
    {
        var library = new AnchorLibrary(parsed.GetRequiredValue(_library).FullName);
        string? against = parsed.GetValue(_against);
        return new CheckOptions
        {
            References = [.. parsed.GetValue(_anchors)!.SelectMany(name => Anchor(name).ToReferences()),
                .. parsed.GetValue(_references)!.Select(path => new Reference(ImageFile.Import(path).ToPicture()))],
            Prompt = parsed.GetValue(_prompt),
            Text = [.. parsed.GetValue(_lettering)!],
            Policy = parsed.GetValue(_policy) is { } file ? BrandPolicy.Load(file.FullName, Anchor) : null,
            Against = against is null ? null : await ImageCommand.SourceAsync(against).ConfigureAwait(false),
            MaximumDrift = parsed.GetValue(_maximumDrift),
            MinimumScore = parsed.GetValue(_minimumScore),
        };

        Anchor Anchor(string name) => library.Find(name) ?? throw AnchorErrors.Unknown(name, library.Names);
    }

    private static void PrintPlan(NbImage image, ImageChecker checker, bool isJson, Printer printer)
    {
        decimal? estimate = checker.Estimate();
        if (isJson)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["path"] = image.Path,
                ["judgeModel"] = checker.Judge?.Model.Id,
                ["estimatedCost"] = estimate,
            }.ToJsonString());
            return;
        }
        string cost = estimate is { } usd ? $"about {Readable.Money(usd)}" : "price unknown";
        printer.Line(checker.Judge is { } judge ? $"{image}: {judge.Model.Id}, {cost}" : $"{image}: measured, free");
    }

    // A picture that cannot be judged must not hide the results of the others.
    private static async Task<int> CheckAsync(ImageChecker checker, NbImage image, Budget budget, bool isJson,
        Printer printer, CancellationToken canceled)
    {
        ImageCheck check;
        try
        {
            check = await checker.CheckAsync(image, budget, canceled).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            ImageCommand.Tell(e, isJson, printer);
            return ExitCode.Of(e);
        }
        foreach (string warning in check.Warnings) printer.Warn($"{image}: {warning}");
        if (isJson) Console.Out.WriteLine(CheckJson.Of(check).ToJsonString());
        else
        {
            printer.Line($"{image}: {check}");
            foreach (string reason in check.Reasons) printer.Line($"  {reason}");
        }
        return check.IsAccepted ? ExitCode.Success : ExitCode.SomeFailed;
    }
}
