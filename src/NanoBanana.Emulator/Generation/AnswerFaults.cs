using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Judging;

namespace NanoBanana.Emulator.Generation;

/// <summary>The faults of one request that change what the model answers.</summary>
internal sealed record AnswerFaults
{
    public static readonly AnswerFaults None = new();
    private const int DefaultImages = 500;
    private const int DefaultThoughts = 30_000;
    private const int DefaultFill = 150 * 1024 * 1024;

    public bool SmallerImage { get; init; }
    public bool WrongMimeType { get; init; }
    public bool UnknownFields { get; init; }
    public bool OddOrder { get; init; }

    /// <summary>How many characters an unknown field holds, 0 for no such field.</summary>
    public int HugeField { get; init; }

    /// <summary>How many small pictures replace one; 0 for no such fault.</summary>
    public int ManyImages { get; init; }

    /// <summary>Tokens of thought beyond the usual.</summary>
    public int Thoughts { get; init; }

    public bool ForgetsReferences { get; init; }

    public bool Misspells { get; init; }

    /// <summary>Whether the lettering of the previous picture remains.</summary>
    public bool LeavesLettering { get; init; }

    /// <summary>Whether words are drawn that nobody ordered.</summary>
    public bool AddsLettering { get; init; }

    public bool RefusesFileData { get; init; }

    public PicturePlace Place { get; init; }

    public UsageShape Usage { get; init; }

    public AnswerFraming Framing { get; init; }

    /// <summary>The shape of a part of an unknown kind, or null for none.</summary>
    public string? BadPart { get; init; }

    public JudgeFault Judge { get; init; }

    /// <summary>What goes wrong with the events of an interaction's stream.</summary>
    public EventFault Events { get; init; }

    public bool RefusesBackground { get; init; }

    /// <summary>The model status in the answer.</summary>
    public ModelStatus? Status { get; init; }

    /// <summary>A mark that applies as if it were in the prompt.</summary>
    public PromptMark? Mark { get; init; }

    /// <summary>Base address of links to pictures.</summary>
    public Uri BaseUri { get; init; } = new("http://localhost/");

    public AnswerFaults With(IEnumerable<FaultRule> rules) =>
        rules.Aggregate(this, (faults, rule) => faults.With(rule));

    private AnswerFaults With(FaultRule rule) => rule.Kind switch
    {
        FaultKind.SmallerImage => this with { SmallerImage = true },
        FaultKind.WrongMimeType => this with { WrongMimeType = true },
        FaultKind.UnknownFields => this with { UnknownFields = true },
        FaultKind.OddOrder => this with { OddOrder = true },
        FaultKind.HugeField => this with { HugeField = rule.Bytes ?? DefaultFill },
        FaultKind.ManyImages => this with { ManyImages = rule.Count ?? DefaultImages },
        FaultKind.LongThoughts => this with { Thoughts = Math.Max(0, rule.Count ?? DefaultThoughts) },
        FaultKind.ForgetReferences => this with { ForgetsReferences = true },
        FaultKind.Misspelling => this with { Misspells = true },
        FaultKind.OldLettering => this with { LeavesLettering = true },
        FaultKind.SurplusLettering => this with { AddsLettering = true },
        FaultKind.FileDataRefused => this with { RefusesFileData = true },
        FaultKind.DataUrlText => this with { Place = PicturePlace.DataUrlText },
        FaultKind.DataPrefix => this with { Place = PicturePlace.DataPrefix },
        FaultKind.LinkedImage => this with { Place = PicturePlace.Link },
        FaultKind.SecondCandidate => this with { Place = PicturePlace.SecondCandidate },
        FaultKind.TwoCandidates => this with { Place = PicturePlace.TwoCandidates },
        FaultKind.ZeroUsage => this with { Usage = UsageShape.Zero },
        FaultKind.EmptyUsage => this with { Usage = UsageShape.Empty },
        FaultKind.NoUsage => this with { Usage = UsageShape.None },
        FaultKind.UnknownUsage => this with { Usage = UsageShape.Unknown },
        FaultKind.UnaskedStream => this with { Framing = Framing | AnswerFraming.Stream },
        FaultKind.StreamComment => this with { Framing = Framing | AnswerFraming.Comment },
        FaultKind.JsonGuard => this with { Framing = Framing | AnswerFraming.Guard },
        FaultKind.ByteOrderMark => this with { Framing = Framing | AnswerFraming.ByteOrderMark },
        FaultKind.BadPart => this with { BadPart = rule.Shape ?? FaultShapes.Of(rule.Kind)[0] },
        FaultKind.JudgeRefuses => this with { Judge = JudgeFault.Refuses },
        FaultKind.JudgeBrokenJson => this with { Judge = JudgeFault.BrokenJson },
        FaultKind.JudgeFencedJson => this with { Judge = JudgeFault.FencedJson },
        FaultKind.JudgeMissingFields => this with { Judge = JudgeFault.MissingFields },
        FaultKind.JudgeLowScores => this with { Judge = JudgeFault.LowScores },
        FaultKind.CutAfterCreated => this with { Events = Events | EventFault.CutAfterCreated },
        FaultKind.CutInPicture => this with { Events = Events | EventFault.CutInPicture },
        FaultKind.OddEvents => this with { Events = Events | EventFault.OddOrder },
        FaultKind.UnknownEvents => this with { Events = Events | EventFault.Unknown },
        FaultKind.ErrorEvent => this with { Events = Events | EventFault.Error },
        FaultKind.BackgroundRefused => this with { RefusesBackground = true },
        FaultKind.ModelStatus => this with { Status = new ModelStatus(rule.Reason ?? "DEPRECATED", rule.Message) },
        FaultKind.ThoughtsOnly => this with { Mark = new PromptMark("THOUGHTS_ONLY", null) },
        FaultKind.TextOnly => this with { Mark = new PromptMark("TEXT_ONLY", null) },
        FaultKind.NoImage => this with { Mark = new PromptMark("NO_IMAGE", null) },
        FaultKind.AccountLimited => this with { Mark = new PromptMark("PUP_LIMITED_DISABLED", null) },
        FaultKind.UnknownFinishReason => this with { Mark = new PromptMark("SOMETHING_NEW", null) },
        FaultKind.FinishReason => this with { Mark = new PromptMark(rule.Reason ?? "OTHER", null) },
        _ => this,
    };
}
