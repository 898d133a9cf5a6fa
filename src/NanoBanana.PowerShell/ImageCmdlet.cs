using System.Management.Automation;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that makes images: where they go, how many calls at once, for how much.</summary>
public abstract class ImageCmdlet : RequestCmdlet
{
    private readonly RunspaceState _state = RunspaceState.Current;
    private readonly PlannedCost _planned = new();
    private ImageEngine? _engine;
    private ImageOrders? _orders;
    private readonly CommonErrors _common = new();
    private bool _isOver;
    private bool _hasLanded;

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

    /// <summary>What is worked on, as it was given: a prompt, a row, a picture. Images and errors carry it.</summary>
    private protected object? Input { get; set; }

    /// <summary>Whether images are emitted as they come, and not in the order of the input.</summary>
    private protected virtual bool IsAsCompleted => false;

    /// <summary>What this command has saved so far.</summary>
    private protected SaveSession Session { get; } = new();

    /// <summary>Whether an image may have nothing to be compared with, and is taken as it comes.</summary>
    private protected virtual bool MayBeAlone => false;

    private RebaseOffer Offer => field ??= new RebaseOffer(this, () => Force);

    private CheckingRules Checking => field ??= new CheckingRules(this);

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
        var budget = new Budget(MaxCost);
        var options = new EngineOptions { ThrottleLimit = Throttle, Budget = budget };
        _engine = new ImageEngine(Service, options, Stopped);
        ExitGuard.Watch(_engine);
        _orders = new ImageOrders(this, _engine, budget, Offer, IsAsCompleted);
        if (_state.TakeNotice() is { } notice) WriteWarning(notice);
        Progress = new ProgressMeter(this, MyInvocation.MyCommand.Name);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Preferences.WhatIf(this)) TellTotal();
        Expected = _orders!.Total;
        EmitAll();
        foreach (ErrorRecord record in _common.TakeAll()) Report(record);
        _isOver = true;
        Progress?.Complete();
        base.OnWaiting();
        _orders.Warnings.WriteHeld();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) OnCutShort();
        if (disposing && _engine is not null) ExitGuard.LetGo(_engine);
        if (disposing && _orders?.Untold is { Calls: > 0 } untold)
        {
            SayAtOnce(UntoldCalls.Words(MyInvocation.MyCommand.Name, untold, Service.Client.KeepsAnswers));
        }
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override void OnCutShort()
    {
        // Ctrl+C ends what is in flight, and a command that has come to its end has nothing left.
        if (_isOver || _hasLanded || _orders is null || Stopped.IsCancellationRequested) return;
        _hasLanded = true;
        _orders.Land(SayAtOnce, Stopped);
        foreach (ErrorRecord record in _common.TakeAll()) SayAtOnce(record.ErrorDetails.Message);
    }

    /// <inheritdoc/>
    private protected override bool Holds(NbException error, object? target)
    {
        bool isNow = _isOver || _orders is not { IsTelling: false } || error.Kind == NbErrorKind.AuthenticationError
            || Preferences.Halts(this, "Error");
        if (!isNow) _common.Add(error, target);
        return !isNow;
    }

    /// <inheritdoc/>
    protected override void OnWaiting()
    {
        base.OnWaiting();
        _orders!.Show(Progress!, Expected,
            Retrying is { } trouble ? $"{trouble.Model}: {trouble.ErrorId}, trying again" : null);
    }

    /// <summary>Waits for everything that is in flight and emits it.</summary>
    private protected void EmitAll() => _orders!.EmitAll();

    /// <summary>Warns; where that would stop the pipeline, once what is paid for is saved and emitted.</summary>
    private protected void Warn(string warning) => _orders!.Warnings.Warn(warning);

    /// <summary>What becomes of an image that was made and saved, before it is emitted.</summary>
    /// <param name="image">The image.</param>
    /// <param name="place">Where it was to be saved.</param>
    internal virtual NbImage Finish(NbImage image, SaveTarget place) => image;

    /// <summary>Whether the model's image is only what another is made of, which has the name that was asked
    /// for.</summary>
    internal virtual bool IsSource => false;

    /// <summary>Refuses a place that cannot be had, before anything is paid for.</summary>
    /// <exception cref="NbException">It cannot.</exception>
    private protected virtual void Check(SaveTarget place) => place.CheckName();

    /// <summary>Adds the common options to a request and sends it, as often as -Count says; emits what has finished
    /// meanwhile.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="stem">What its files are called in -Destination, without extension; null for the prompt's
    /// words.</param>
    private protected void Send(ImageRequest asked, string? stem = null)
    {
        if (_orders!.Warnings.Any)
        {
            EmitAll();
            _orders.Warnings.WriteHeld();
        }
        PreparedRequest? prepared = null;
        SaveTarget? place = null;
        TryRule? rule = null;
        bool isReady = Try(
            () =>
            {
                place = Place(asked, stem);
                prepared = Offer.Prepare(asked, Prepared);
                rule = Checking.For(prepared, MayBeAlone);
            },
            Input ?? asked.Prompt);
        if (!isReady) return;
        if (Made(prepared!, place!, rule) is { } made)
        {
            Emit(made.WithInputObject(Input));
            return;
        }
        foreach (string warning in prepared!.Warnings) Warn(warning);
        bool isAsked = prepared.IsHistoryTooLarge
            && Offer.IsTaken("The conversation is large",
            "Start a new conversation from the picture alone? 'No' sends the whole conversation.");
        if (isAsked && !Try(() => prepared = Prepared(asked with { Rebase = true }), Input)) return;
        if (!ApprovedSentence(_planned.Add(prepared, rule, Copies), "Make images", Force)) return;
        _orders.Send(prepared, place!, rule, Input ?? asked.Prompt, Copies);
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
    internal virtual bool SetsAside => false;

    private PreparedRequest Prepared(ImageRequest asked) =>
        Service.Prepare(WithOptions(asked)) with { Copies = Copies };

    private SaveTarget Place(ImageRequest asked, string? stem)
    {
        string? folder = Paths.FullOrNull(TypedOrCell(Destination, nameof(Destination), Row?.Destination));
        SaveTarget place = PlaceOf(asked, folder, stem);
        if (IsCell(nameof(OutFile))) place.DemandInside(folder ?? Paths.Full("."));
        Check(place);
        return place;
    }

    // Two hundred lines without a sum say nothing of the price.
    private void TellTotal()
    {
        if (_planned.Total(MaxCost) is { } total) ApprovedSentence(total, "Make images", force: false);
    }
}
