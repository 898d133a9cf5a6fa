using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Says whether images are what they should be: what a model sees of it, and what can be measured.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NbImage", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(ImageCheck))]
[OutputType(typeof(bool))]
public sealed class TestNbImageCommand : JudgingCmdlet, IDynamicParameters
{
    private readonly ImageInputs _images = new();
    private CheckOptions _checks = new();
    private Judge? _judge;
    private Budget? _budget;
    private bool _areAllAccepted = true;

    /// <summary>Names of the anchors that images should match, or anchors. With no other option, those that each image
    /// was made with.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    public object[] Anchor { get; set; } = [];

    /// <summary>Other pictures that images should match: paths (wildcards too), files, images or bytes.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    public object[] Reference { get; set; } = [];

    /// <summary>The prompt that images should match.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Prompt { get; set; }

    /// <summary>Lettering that images should have: a judge reads it, and it is compared letter by letter.</summary>
    [Parameter]
    [Alias("Lettering")]
    [ValidateNotNullOrEmpty]
    public string[] Text { get; set; } = [];

    /// <summary>The picture to compare images with, pixel by pixel: measured, free.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ImagePathCompleter))]
    [ValidateNotNull]
    public object? Against { get; set; }

    /// <summary>Gray levels (0 to 255) by which images may differ from -Against.</summary>
    [Parameter]
    [ValidateRange(0.0, 255.0)]
    public double? MaximumDrift { get; set; }

    /// <summary>USD that judging may cost; it stops before it would spend more.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? MaxCost { get; set; }

    /// <summary>Emit one bool at the end: whether all of them are accepted.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    public object GetDynamicParameters() => _images;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _budget = new Budget(MaxCost, KnownConnection?.Service.Allowance);
        // Errors are reported once, before anything is paid for.
        _checks = Demand(Checks);
        Demand(() =>
        {
            _checks.DemandBasis();
            _checks.DemandUsed(Options.Votes, JudgeModel);
            return true;
        });
        Demand(() => ImagingExtension.Current.Value);
        if (_checks.NeedsJudge) DemandJudge();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool isAny = false;
        foreach ((_, NbImage image) in Images.Of(_images))
        {
            isAny = true;
            if (!Check(image)) _areAllAccepted = false;
        }
        // Input that is not an image was reported already, and counts as not accepted.
        if (!isAny) _areAllAccepted = false;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet) WriteObject(_areAllAccepted);
    }

    private CheckOptions Checks()
    {
        AnchorShelf shelf = Shelf;
        return new CheckOptions
        {
            References = [.. AnchorInput.Resolve(Anchor, shelf).SelectMany(anchor => anchor.ToReferences()),
                .. Images.Of(Reference).Select(image => new Reference(image.ToPicture()))],
            Prompt = Prompt,
            Text = [.. Text],
            Policy = Policy is null ? null : BrandPolicy.Load(Paths.Full(Policy), shelf.Find),
            Against = Against is null ? null : Images.Of(Against)[0],
            MaximumDrift = MaximumDrift,
            MinimumScore = MinimumScore,
        };
    }

    private void DemandJudge()
    {
        if (_judge is not null) return;
        Judge judge = Demand(() => Service.Judge(JudgeModel, Votes));
        // With -WhatIf no judge is asked.
        _judge = Preferences.WhatIf(this) ? judge : Demand(() => Await(judge.DemandAsync(Stopped)));
    }

    private bool Check(NbImage image)
    {
        CheckOptions? options = null;
        if (!Try(() => options = _checks.For(image), image)) return false;
        if (options!.NeedsJudge) DemandJudge();
        var checker = new ImageChecker(ImagingExtension.Current.Value, _judge, options);
        ImageCheck? check = null;
        bool isDone = checker.Judge is null ? Try(() => check = Await(Task.Run(() =>
                checker.CheckAsync(image, Stopped), Stopped)), image) : Judged(checker, image, out check);
        if (!isDone || check is null) return false;
        foreach (string warning in check.Warnings) WriteWarning($"{image}: {warning}");
        if (!Quiet) Emit(check);
        return check.IsAccepted;
    }

    private bool Judged(ImageChecker checker, NbImage image, out ImageCheck? check)
    {
        check = null;
        ImageCheck? found = null;
        decimal? estimate = checker.Estimate();
        string cost = estimate is { } usd ? $"about {Readable.Money(usd)}" : "at an unknown price";
        string votes = Votes == 1 ? "" : $", {Votes} votes";
        string question = $"Ask {_judge!.Model} to judge {image}{votes}, {cost}";
        if (!Confirmation.ApprovesSentence(this, question, "Judge images", force: false))
        {
            return false;
        }
        bool isDone = Try(() => found = Await(Task.Run(() =>
            checker.CheckAsync(image, _budget!, Stopped), Stopped)), image);
        check = found;
        return isDone;
    }
}
