using System.Management.Automation;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that makes images: where they go, how many calls at once, for how much.</summary>
public abstract class ImageCmdlet : RequestCmdlet
{
    private ImageEngine? _engine;
    private Budget? _budget;
    private Order? _unaffordable;
    private readonly RunspaceState _state = RunspaceState.Current;
    private int _done;
    private int _requests;
    private int _planned;
    private decimal? _plannedUsd = 0;
    private bool _isEmitting;
    private bool _isOver;

    /// <summary>The file to save in, within -Destination where that is given. A name that is taken is refused, unless
    /// -Force replaces the file; several images of one command are numbered.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? OutFile { get; set; }

    /// <summary>The folder to save in.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Destination { get; set; }

    /// <summary>Replace files that are there, and do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>USD that this command may spend; it stops before it would spend more.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal? MaxCost { get; set; }

    /// <summary>The least score, 0 to 1, that an image must reach when it is compared with its anchors and references
    /// by a judge. What does not reach it is tried again, as often as -MaximumTryCount says.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? MinimumScore
    {
        get => Options.MinimumScore;
        set => Options = Options with { MinimumScore = value };
    }

    /// <summary>How often an image is tried in all, where it is not good enough or did not come (NO_IMAGE). Each try is
    /// paid for and kept; the best is emitted.</summary>
    [Parameter]
    [ValidateRange(1, 20)]
    public int MaximumTryCount
    {
        get => Options.MaximumTryCount ?? 1;
        set => Options = Options with { MaximumTryCount = value };
    }

    /// <summary>Words that must stand in the picture as the prompt orders them: a judge reads them back, and they are
    /// compared letter by letter.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Lettering
    {
        get => [.. Options.Lettering ?? []];
        set => Options = Options with { Lettering = [.. value] };
    }

    /// <summary>The brand's gates that an image must pass: a JSON file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Policy
    {
        get => Options.Policy;
        set => Options = Options with { Policy = value };
    }

    /// <summary>The model that judges: an id or alias.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(JudgeModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? JudgeModel
    {
        get => Options.JudgeModel;
        set => Options = Options with { JudgeModel = value };
    }

    /// <summary>How often each image is judged; the median counts, and each vote costs.</summary>
    [Parameter]
    [ValidateRange(1, 15)]
    public int Votes
    {
        get => Options.Votes ?? 1;
        set => Options = Options with { Votes = value };
    }

    /// <summary>What this command has saved so far.</summary>
    private protected SaveSession Session { get; } = new();

    /// <summary>Whether an image may have nothing to be compared with, and is taken as it comes.</summary>
    private protected virtual bool MayBeAlone => false;

    private RebaseOffer Offer => field ??= new RebaseOffer(this, () => Force);

    private HeldWarnings Warnings => field ??= new HeldWarnings(this, () => _isEmitting || _engine!.InFlight > 0);

    /// <summary>How many images of each request; each is a call of its own.</summary>
    private protected virtual int Copies => 1;

    /// <summary>How many calls may be in flight at once.</summary>
    private protected virtual int Throttle => 1;

    /// <summary>How many calls there will be in all; null while unknown.</summary>
    private protected int? Expected { get; set; }

    private protected override bool HoldsLines => !_isOver;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _budget = new Budget(MaxCost);
        _engine = new ImageEngine(Service, new EngineOptions { ThrottleLimit = Throttle, Budget = _budget }, Stopped);
        ExitGuard.Watch(_engine);
        if (_state.TakeNotice() is { } notice) WriteWarning(notice);
        Progress = new ProgressMeter(this, MyInvocation.MyCommand.Name);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Preferences.WhatIf(this) && _requests > 1) TellTotal();
        Expected = _done + _engine!.Count;
        EmitAll();
        _isOver = true;
        Progress?.Complete();
        base.OnWaiting();
        Warnings.WriteHeld();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _engine is not null) ExitGuard.LetGo(_engine);
        // After Ctrl+C no stream is left to write to: the next command tells. An outcome that had come but was not
        // taken counts too.
        if (disposing && _engine?.Untold is (> 0 and int calls, decimal usd))
        {
            _state.Leave(
                $"{MyInvocation.MyCommand.Name} ended with {calls} call{(calls == 1 ? "" : "s")} in flight: what was sent may be billed, "
                + $"{Readable.Money(usd)} at most."
                + (Service.Client.KeepsAnswers ? " Resume-NbImage fetches what was made." : ""));
        }
        base.Dispose(disposing);
    }

    /// <summary>Waits for everything that is in flight and emits it.</summary>
    private protected void EmitAll()
    {
        while (EmitNext()) { }
    }

    /// <inheritdoc/>
    protected override void OnWaiting()
    {
        base.OnWaiting();
        int flying = _engine!.InFlight;
        Progress!.Show(
            $"{_done} done, {flying} in flight, {Readable.Money(_budget!.Spent)} so far",
            Expected is > 0 and int all ? 100 * _done / all : null,
            Retrying is { } trouble ? $"{trouble.Model}: {trouble.ErrorId}, trying again" : null);
    }

    /// <summary>Adds the common options to a request and sends it, as often as -Count says; emits what has finished
    /// meanwhile.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="stem">What its files are called in -Destination, without extension; null for the prompt's
    /// words.</param>
    private protected void Send(ImageRequest asked, string? stem = null)
    {
        if (Warnings.Any)
        {
            EmitAll();
            Warnings.WriteHeld();
        }
        PreparedRequest? prepared = null;
        SaveTarget? place = null;
        bool isReady = Try(
            () =>
            {
                string? folder = Paths.FullOrNull(TypedOrCell(Destination, nameof(Destination), Row?.Destination));
                place = PlaceOf(asked, folder, stem);
                if (IsCell(nameof(OutFile))) place.DemandInside(folder ?? Paths.Full("."));
                Check(place);
                prepared = Offer.Prepare(asked, Prepared);
            },
            asked.Prompt);
        if (!isReady) return;
        TryRule? rule = null;
        if (!Try(() => rule = RuleOf(prepared!), asked.Prompt)) return;
        if (Made(prepared!, place!, rule) is { } made)
        {
            Emit(made);
            return;
        }
        foreach (string warning in prepared!.Warnings) Warn(warning);
        bool isAsked = prepared.IsHistoryTooLarge
            && Offer.IsTaken("The conversation is large",
            "Start a new conversation from the picture alone? 'No' sends the whole conversation.");
        if (isAsked && !Try(() => prepared = Prepared(asked with { Rebase = true }), asked.Prompt)) return;
        if (!ApprovedSentence(Description(prepared, rule), "Make images", Force)) return;
        for (int i = 0; i < Copies && Try(place!.Check, asked.Prompt); i++)
        {
            var order = new SingleOrder(prepared, place!)
            {
                Rule = rule, IsSource = IsSource, SetsAside = SetsAside,
            };
            _engine!.Add(order);
            // Before more is asked of the pipeline: one at a time means one after the other.
            while (_engine.IsFull && EmitNext()) { }
            // Where there is no money for one, there is none for its copies.
            if (ReferenceEquals(_unaffordable, order)) return;
        }
    }

    /// <summary>Where the images of a request are saved.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="folder">Full path of -Destination; null without.</param>
    /// <param name="stem">Name of the file without extension; null for one made of the prompt.</param>
    /// <exception cref="NbException">The file would lie outside the folder.</exception>
    private protected virtual SaveTarget PlaceOf(ImageRequest asked, string? folder, string? stem) =>
        new(Paths.In(folder, TypedOrCell(OutFile, nameof(OutFile), Row?.Item.OutFile)), folder, Force, Session)
        {
            Stem = stem,
        };

    /// <summary>The image of an earlier run of the same command; null where it is to be made.</summary>
    private protected virtual NbImage? Made(PreparedRequest request, SaveTarget place, TryRule? rule) => null;

    /// <summary>Whether earlier images of a request make room for the new one.</summary>
    private protected virtual bool SetsAside => false;

    private PreparedRequest Prepared(ImageRequest asked) =>
        Service.Prepare(WithOptions(asked)) with { Copies = Copies };

    /// <summary>Warns; where that would stop the pipeline, once what is paid for is saved and emitted.</summary>
    private protected void Warn(string warning) => Warnings.Warn(warning);

    private string Description(PreparedRequest request, TryRule? rule)
    {
        int tries = rule?.MaximumTryCount ?? 1;
        _requests++;
        _planned += Copies;
        _plannedUsd += (request.EstimatedCost + (rule?.JudgingEstimate ?? 0)) * Copies * tries;
        string most = tries > 1 ? "up to" : "about";
        string cost = request.EstimatedCost + (rule?.JudgingEstimate ?? 0) is { } usd
            ? $"{most} {Readable.Money(usd * Copies * tries)}" : "at an unknown price";
        string often = tries > 1 ? $", up to {tries} tries" : "";
        string judged = rule?.Checker?.Judge is { } judge ? $", judged by {judge.Model}" : "";
        return $"Ask {request.Model} for {Copies} image{(Copies == 1 ? "" : "s")}{often}{judged}, {cost}: {request.Prompt}";
    }

    // Two hundred lines without a sum say nothing of the price.
    private void TellTotal()
    {
        string cost = _plannedUsd is { } usd ? $"up to {Readable.Money(usd)}" : "at an unknown price";
        string limit = MaxCost is { } most ? $", of which -MaxCost allows {Readable.Money(most)}" : "";
        ApprovedSentence($"In all {_planned} images, {cost}{limit}", "Make images", force: false);
    }

    private TryRules Rules => field ??= new TryRules(Service,
        path => BrandPolicy.Load(Paths.Full(path), name => Shelf.Find(name)),
        Paths.Full);

    // What is wrong with a policy, a judge or a region is said before anything is paid for.
    private TryRule? RuleOf(PreparedRequest request)
    {
        TryRule? rule = Rules.For(request, MayBeAlone);
        // -WhatIf asks nobody anything.
        if (rule?.Checker?.Judge is { } judge && !Preferences.WhatIf(this)) Await(judge.DemandAsync(Stopped));
        return rule;
    }

    /// <summary>Waits for the next thing to tell, and tells it.</summary>
    /// <returns>False when nothing is in flight and nothing more will be.</returns>
    private bool EmitNext()
    {
        if (Await(_engine!.NextAsync()) is not { } step)
        {
            if (_engine.Fatal is { } fatal) Demand<object>(() => throw fatal);
            return false;
        }
        if (step.Pause is { } pause) Warn($"{step.Order.Name}: {pause.Message}");
        if (step.Outcome is { } outcome) Emit((SingleOrder)step.Order, outcome);
        return true;
    }

    private void Emit(SingleOrder order, Outcome outcome)
    {
        if (SendAnew(order, outcome)) return;
        _done++;
        if (outcome.Error is { } error)
        {
            if (error.ErrorId.StartsWith("Nb.Budget.", StringComparison.Ordinal)) _unaffordable = order;
            // One that every other request would meet too ends the command, once what is in flight has been told.
            if (!error.IsAccountWide) Report(error, order.Request.Request.Prompt);
            return;
        }
        foreach (NbImage image in outcome.Images)
        {
            _isEmitting = true;
            NbImage finished = Finish(image, order.Place);
            Emit(finished);
            _isEmitting = false;
            foreach (string warning in image.Warnings.Except(order.Request.Warnings)) Warn(warning);
        }
        foreach (NbException unsaved in outcome.Unsaved) Report(unsaved);
        TellVerdict(order, outcome);
    }

    // After it was emitted: it is paid for, and the best there is.
    private void TellVerdict(SingleOrder order, Outcome outcome)
    {
        if (outcome.Ending is { } ending) Warn($"No more tries: {ending.Message}");
        if (outcome.Unchecked is { } failure) Report(failure, order.Request.Request.Prompt);
        else if (outcome.IsRejected)
        {
            Report(JudgeErrors.Rejected(outcome.Images[^1], outcome.TryCount, outcome.Cost));
        }
    }

    /// <summary>Whether the model's image is only what another is made of, which has the name that was asked
    /// for.</summary>
    private protected virtual bool IsSource => false;

    /// <summary>Refuses a place that cannot be had, before anything is paid for.</summary>
    /// <exception cref="NbException">It cannot.</exception>
    private protected virtual void Check(SaveTarget place) => place.CheckName();

    /// <summary>What becomes of an image that was made and saved, before it is emitted.</summary>
    /// <param name="image">The image.</param>
    /// <param name="place">Where it was to be saved.</param>
    private protected virtual NbImage Finish(NbImage image, SaveTarget place) => image;

    // Sends an edit that its history stands in the way of once more without it, where somebody says so.
    private bool SendAnew(SingleOrder order, Outcome outcome)
    {
        PreparedRequest request = order.Request;
        bool isWanted = outcome.Error is { } error && request.ContinuesConversation && RebaseOffer.IsFor(error)
            && Offer.IsTaken(error);
        if (!isWanted) return false;
        PreparedRequest? anew = null;
        if (Try(() => anew = Service.Prepare(request.Request with { Rebase = true }), request.Request.Prompt))
        {
            _engine!.Add(new SingleOrder(anew!, order.Place)
            {
                Rule = order.Rule, IsSource = IsSource, SetsAside = SetsAside,
            });
        }
        return true;
    }
}
