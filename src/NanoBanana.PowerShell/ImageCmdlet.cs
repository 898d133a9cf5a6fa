using System.Management.Automation;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that makes images: where they go, how many calls at once, for how much.</summary>
public abstract class ImageCmdlet : RequestCmdlet
{
    private ImageRun? _run;
    private ImageSender? _sender;
    private CostQuestion? _question;

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

    /// <summary>The current input: a prompt, a row, or a picture. Images and errors carry it.</summary>
    internal object? Input { get; private protected set; }

    /// <summary>What this command has saved so far.</summary>
    private protected SaveSession Session { get; } = new();

    /// <summary>How many calls there will be in all; null while unknown.</summary>
    private protected int? Expected { get; set; }

    /// <summary>How many images of each request; each is a call of its own.</summary>
    internal virtual int Copies => 1;

    /// <summary>Whether the command may go on that could cost so much.</summary>
    /// <param name="most">USD at most.</param>
    internal bool MayCost(decimal most) =>
        (_question ??= new CostQuestion(this, KnownConnection, Force || MaxCost is not null)).Allows(most);

    /// <summary>How many calls may be in flight at once.</summary>
    private protected virtual int Throttle => 1;

    /// <summary>Whether images are emitted as they finish, not in the order of the input.</summary>
    private protected virtual bool IsAsCompleted => false;

    /// <summary>Whether an image without references is accepted without a check.</summary>
    internal virtual bool MayBeAlone => false;

    /// <summary>Whether another image, made from the model's, gets the requested name.</summary>
    internal virtual bool IsSource => false;

    /// <summary>Whether earlier images of a request are moved away for the new one.</summary>
    internal virtual bool SetsAside => false;

    private protected override bool HoldsLines => _run is not { IsOver: true };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var offer = new RebaseOffer(this, () => Force);
        var budget = new Budget(MaxCost, KnownConnection?.Service.Allowance);
        var options = new EngineOptions { ThrottleLimit = Throttle, Budget = budget };
        _run = new ImageRun(this, options, offer, IsAsCompleted);
        _run.WriteNotice();
        _sender = new ImageSender(this, _run.Orders, offer);
        Progress = new ProgressMeter(this, MyInvocation.MyCommand.Name);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Preferences.WhatIf(this)) _sender!.SayTerms();
        Expected = _run!.Orders.Total;
        _run.End();
        Progress?.Complete();
        base.OnWaiting();
        _run.Orders.Warnings.WriteHeld();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _run?.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override void OnWaiting()
    {
        base.OnWaiting();
        _run!.Orders.Show(Progress!, Expected,
            CallEvents.Retrying is { } trouble ? $"{trouble.Model}: {trouble.ErrorId}, trying again" : null);
    }

    /// <inheritdoc/>
    private protected override void OnCutShort() => _run?.CutShort();

    /// <inheritdoc/>
    private protected override bool IsHeld(NbException error, object? target) =>
        _run?.IsHeld(error, target) == true;

    /// <summary>Adds the common options to a request and sends it -Count times; emits images that have finished
    /// meanwhile.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="stem">What its files are called in -Destination, without extension; null for the prompt's
    /// words.</param>
    private protected void Send(ImageRequest asked, string? stem = null) => _sender!.Send(asked, stem);

    /// <summary>Waits for everything that is in flight and emits it.</summary>
    private protected void EmitAll() => _run!.Orders.EmitAll();

    /// <summary>Writes a warning; one that would stop the pipeline is held until paid images are saved and
    /// emitted.</summary>
    private protected void Warn(string warning) => _run!.Orders.Warnings.Warn(warning);

    /// <summary>Warns of what saving or a filter added to an image.</summary>
    private protected void WarnOfNew(NbImage saved, NbImage before)
    {
        foreach (string warning in saved.Warnings.Except(before.Warnings)) Warn(warning);
    }

    /// <summary>A request with all options, checked; nothing is sent.</summary>
    /// <exception cref="NbException">It cannot be sent so.</exception>
    internal PreparedRequest Prepare(ImageRequest asked) =>
        Service.Prepare(Given.Complete(asked)) with { Copies = Copies };

    /// <summary>Where the images of a request are saved; an impossible place is refused before anything is paid
    /// for.</summary>
    /// <exception cref="NbException">It cannot be had.</exception>
    internal SaveTarget PlaceOf(ImageRequest asked, string? stem)
    {
        string? folder = Paths.FullOrNull(Given.IsCell(nameof(Destination)) ? Row!.Destination : Destination);
        SaveTarget place = PlaceOf(asked, folder, stem);
        if (Given.IsCell(nameof(OutFile))) place.DemandInside(folder ?? Paths.Full("."));
        Check(place);
        return place;
    }

    /// <summary>Where the images of a request are saved.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="folder">Full path of -Destination; null without.</param>
    /// <param name="stem">Name of the file without extension; null for one made of the prompt.</param>
    /// <exception cref="NbException">The file would lie outside the folder.</exception>
    private protected virtual SaveTarget PlaceOf(ImageRequest asked, string? folder, string? stem)
    {
        string? file = Given.IsCell(nameof(OutFile)) ? Row!.Item.OutFile : OutFile;
        return new SaveTarget(Paths.In(folder, file), folder, Force, Session) { Stem = stem };
    }

    /// <summary>Refuses an impossible place.</summary>
    /// <exception cref="NbException">It cannot.</exception>
    private protected virtual void Check(SaveTarget place) => place.CheckName();

    /// <summary>The image of an earlier run of the same command; null when it must be made.</summary>
    internal virtual NbImage? Made(PreparedRequest request, SaveTarget place, TryRule? rule) => null;

    /// <summary>Processes a saved image before it is emitted.</summary>
    /// <param name="image">The image.</param>
    /// <param name="place">Where it was to be saved.</param>
    internal virtual NbImage Finish(NbImage image, SaveTarget place) => image;
}
