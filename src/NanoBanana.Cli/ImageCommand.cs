using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Cli;

/// <summary><c>nb image</c> and <c>nb edit</c>: one image, without a manifest.</summary>
internal sealed class ImageCommand
{
    // What stands for standard input and output.
    private const string Standard = "-";

    private readonly Argument<string> _words;
    private readonly Argument<string>? _source;

    private readonly Option<string> _out = new("--out")
    {
        Description = "The file, or a folder; - for standard output. Left out: here, named after the prompt.",
        HelpName = "PATH",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string[]> _anchors = new("--anchor")
    {
        Description = "Name of an anchor to keep the same; may be given again.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<DirectoryInfo> _library = LibraryOption();

    private readonly Option<string[]> _references = new("--reference")
    {
        Description = "Another picture to look at, a video or a PDF; an address with --by-reference, or that of a "
            + "YouTube video. May be given again.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<decimal?> _maxCost =
        new("--max-cost") { Description = "USD that it may cost.", HelpName = "USD" };

    private readonly Option<bool> _force = new("--force") { Description = "Replace an existing file." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    private readonly Option<bool> _dryRun =
        new("--dry-run") { Description = "Print what would be sent and what it would cost, and send nothing." };

    private readonly ServiceOptions _service;
    private readonly RequestFlags _flags;

    private ImageCommand(Command command, bool isEdit)
    {
        if (isEdit)
        {
            _source = new Argument<string>("PICTURE") { Description = "The picture to change; - for standard input." };
            _words = new Argument<string>("INSTRUCTION") { Description = "What to change about it, in words." };
            command.Arguments.Add(_source);
        }
        else _words = new Argument<string>("PROMPT") { Description = "The scene to draw; - for standard input." };
        command.Arguments.Add(_words);
        _maxCost.Between(0);
        foreach (Option option in new Option[]
            { _out, _anchors, _library, _references, _maxCost, _force, _json, _dryRun })
        {
            command.Options.Add(option);
        }
        _service = new ServiceOptions().AddTo(command);
        _flags = new RequestFlags(command, scope: "");
    }

    /// <summary><c>nb image</c>.</summary>
    public static Command Create()
    {
        var command = new Command("image", "Make one image: nb image \"a fox\" --out fox.jpg");
        command.SetAction(new ImageCommand(command, isEdit: false).RunAsync);
        return command;
    }

    /// <summary><c>nb edit</c>.</summary>
    public static Command CreateEdit()
    {
        var command = new Command("edit",
            "Change an image, continuing the conversation that made it: nb edit fox.jpg \"add a scarf\"");
        command.SetAction(new ImageCommand(command, isEdit: true).RunAsync);
        return command;
    }

    /// <summary>The option that names a folder of anchors.</summary>
    public static Option<DirectoryInfo> LibraryOption() => new("--library")
    {
        Description = "Folder of the anchors.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("anchors"),
    };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken canceled)
    {
        bool isJson = parsed.GetValue(_json);
        bool isDry = parsed.GetValue(_dryRun);
        var printer = new Printer(Printer.SingleWords);
        bool isSent = false;
        try
        {
            using ImageService service = _service.Connect(parsed, isSending: !isDry);
            PreparedRequest request = service.Prepare(await RequestAsync(parsed).ConfigureAwait(false));
            foreach (string warning in request.Warnings) printer.Warn(warning);
            TryRules rules = RulesOf(service, parsed);
            TryRule? rule = rules.For(request, mayBeAlone: false);
            rules.DemandUsed(request.Request);
            if (isDry)
            {
                PrintPlan(request, rule, service.Client.BodyOf(request.Call), isJson, printer);
                return ExitCode.Success;
            }
            SaveTarget place = PlaceOf(parsed.GetRequiredValue(_out), parsed.GetValue(_force));
            place.Check();
            await rules.DemandJudgesAsync(CancellationToken.None).ConfigureAwait(false);
            isSent = true;
            var order = new SingleOrder(request, place) { Rule = rule };
            return await MakeAsync(parsed, service, order, isJson, printer).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            Tell(e, isJson, printer);
            return isSent ? ExitCode.Of(e) : ExitCode.Unsent(e);
        }
    }

    /// <summary>Prints an error as text or as JSON.</summary>
    public static void Tell(NbException e, bool isJson, Printer printer)
    {
        if (isJson) Console.Out.WriteLine(ErrorJson.Of(e, printer.OwnWords).ToJsonString());
        else printer.Error(e);
    }

    private async Task<ImageRequest> RequestAsync(ParseResult parsed)
    {
        string words = parsed.GetRequiredValue(_words);
        DemandOneInput(words, _source is null ? null : parsed.GetRequiredValue(_source));
        if (words == Standard) words = (await Console.In.ReadToEndAsync().ConfigureAwait(false)).Trim();
        NbImage? source = _source is null ? null : await SourceAsync(parsed.GetRequiredValue(_source))
            .ConfigureAwait(false);
        var library = new AnchorLibrary(parsed.GetRequiredValue(_library).FullName);
        RequestOptions options = _flags.Read(parsed);
        var request = new ImageRequest
        {
            Prompt = words,
            Source = source,
            Anchors = [.. parsed.GetValue(_anchors)!.Select(name =>
                library.Find(name) ?? throw AnchorErrors.Unknown(name, library.Names))],
            References = [.. parsed.GetValue(_references)!
                .Select(named => new Reference(ReferenceTo(named, options.ByReference == true)))],
        };
        return RequestOptionTable.All.Aggregate(request, (read, option) => option.Copy(options, read));
    }

    private static Picture ReferenceTo(string named, bool byReference) =>
        MediaAddress.IsSent(named, byReference) ? Picture.ByReference(named)
        : MediaAddress.IsAddress(named) ? throw PictureErrors.NotFetched(named)
        : Picture.FromInput(Path.GetFullPath(named));

    /// <summary>Refuses standard input where it is named twice: the first that reads it leaves nothing to
    /// another.</summary>
    /// <exception cref="NbException">It is.</exception>
    public static void DemandOneInput(params IEnumerable<string?> inputs)
    {
        if (inputs.Count(input => input == Standard) > 1)
        {
            throw new NbException("Nb.Request.InputTwice", NbErrorKind.InvalidArgument,
                "Standard input (-) is named twice.", "Save the other, and give its path. Nothing was sent.");
        }
    }

    /// <summary>A picture named on the command line; - is standard input.</summary>
    /// <exception cref="NbException">It cannot be read.</exception>
    public static async Task<NbImage> SourceAsync(string path)
    {
        if (path != Standard) return ImageFile.Import(path);
        using var bytes = new MemoryStream();
        Stream input = Console.OpenStandardInput();
        await using (input.ConfigureAwait(false)) await input.CopyToAsync(bytes).ConfigureAwait(false);
        return NbImage.Foreign(Blob.FromBytes(bytes.ToArray()));
    }

    private async Task<int> MakeAsync(
        ParseResult parsed, ImageService service, SingleOrder order, bool isJson, Printer printer)
    {
        bool isStandard = parsed.GetRequiredValue(_out) == Standard;
        using var signals = new EndSignals(printer.Warn);
        var budget = new Budget(parsed.GetValue(_maxCost), service.Allowance);
        var options = new EngineOptions { ThrottleLimit = 1, Budget = budget, Stopping = signals.Stopping };
        var engine = new ImageEngine(service, options, signals.Aborted);
        await using (engine.ConfigureAwait(false))
        {
            engine.Add(order);
            while (await engine.NextAsync().ConfigureAwait(false) is { } step)
            {
                if (step.Pause is { } pause) printer.Warn(pause.Message);
                if (step.Outcome is not { } outcome) continue;
                if ((outcome.Error ?? outcome.Unsaved.FirstOrDefault()) is { } error) throw error;
                Print(outcome.Images, order.Request.Warnings, isStandard, isJson, printer);
                if (outcome.Unchecked is { } failure) throw failure;
                if (outcome.IsRejected)
                {
                    throw JudgeErrors.Rejected(outcome.Images[^1], outcome.TryCount, outcome.Cost);
                }
                if (!outcome.Images.IsEmpty) return ExitCode.Success;
            }
            if (engine.Fatal is { } fatal) throw fatal;
        }
        printer.Warn(signals.Aborted.IsCancellationRequested ? "Aborted: requests in flight may have been billed."
            : "Stopped: nothing is in flight.");
        return ExitCode.SomeFailed;
    }

    private static SaveTarget PlaceOf(string path, bool force)
    {
        var session = new SaveSession();
        if (path == Standard) return new SaveTarget(File: null, Folder: null, force, session);
        string full = Path.GetFullPath(path);
        bool isFile = ImageFile.HasImageExtension(full) && !Directory.Exists(full);
        return new SaveTarget(isFile ? full : null, full, force, session);
    }

    private static void Print(ImmutableArray<NbImage> images, ImmutableArray<string> told, bool isStandard, bool isJson,
        Printer printer)
    {
        foreach (NbImage image in images)
        {
            foreach (string warning in image.Warnings.Except(told)) printer.Warn(warning);
            if (isStandard) Write(image, printer);
            else if (isJson) Console.Out.WriteLine(Described(image).ToJsonString());
            else
            {
                string cost = image.Cost is { } usd ? Readable.Money(usd) : "price unknown";
                printer.Line($"{image.Path} ({image.Width}x{image.Height}, {cost})");
            }
        }
    }

    // A closed output pipe must not lose the picture.
    private static void Write(NbImage image, Printer printer)
    {
        try
        {
            using Stream output = Console.OpenStandardOutput();
            using Stream picture = image.Data.OpenRead();
            picture.CopyTo(output);
        }
        catch (IOException)
        {
            printer.Warn($"Standard output was closed; the picture lies in {ImageFile.SaveIn(image, Path.GetFullPath(".")).Path}.");
        }
    }

    // The logo of a policy may be an anchor.
    private TryRules RulesOf(ImageService service, ParseResult parsed)
    {
        var library = new AnchorLibrary(parsed.GetRequiredValue(_library).FullName);
        return new TryRules(service, file => BrandPolicy.Load(Path.GetFullPath(file), name =>
            library.Find(name) ?? throw AnchorErrors.Unknown(name, library.Names)), Path.GetFullPath);
    }

    private static void PrintPlan(PreparedRequest request, TryRule? rule, string body, bool isJson, Printer printer)
    {
        int tries = rule?.MaximumTryCount ?? 1;
        decimal? most = (request.EstimatedCost + (rule?.JudgingEstimate ?? 0)) * tries;
        if (isJson)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["model"] = request.Model.Id,
                ["prompt"] = request.Prompt,
                ["estimatedCost"] = request.EstimatedCost,
                ["mostCost"] = most,
                ["body"] = JsonNode.Parse(body),
            }.ToJsonString());
            return;
        }
        string judged = rule?.Checker?.Judge is { } judge ? $", judged by {judge.Model.Id}" : "";
        printer.Line(tries > 1 ? $"{request.Model.Id}, up to {tries} tries{judged}, up to {Readable.Money(most)}"
            : $"{request.Model.Id}{judged}, about {Readable.Money(most)}");
        printer.Line(body);
    }

    private static JsonObject Described(NbImage image) => new()
    {
        ["path"] = image.Path,
        ["prompt"] = image.Prompt,
        ["model"] = image.Model,
        ["width"] = image.Width,
        ["height"] = image.Height,
        ["mimeType"] = image.MimeType,
        ["bytes"] = image.Length,
        ["text"] = image.Text,
        ["cost"] = image.Cost,
        ["verdict"] = VerdictJson.Of(image.Verdict),
    };
}
