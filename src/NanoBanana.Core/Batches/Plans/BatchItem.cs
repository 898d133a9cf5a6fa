using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Reviews;
using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.Batches.Plans;

/// <summary>An item of a batch and where it stands at this moment.</summary>
public sealed record BatchItem
{
    private NbImage? _read;

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required BatchItemState State { get; init; }

    /// <summary>What it asks for, or what to change.</summary>
    public required string Prompt { get; init; }

    /// <summary>The item or file it is made from; null for a new picture.</summary>
    public string? From { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Full path of its picture; null while there is none.</summary>
    public string? Path { get; init; }

    /// <summary>The picture with its conversation. One of an earlier run is read when it is first asked for; null while
    /// there is none, or when it cannot be read.</summary>
    public NbImage? Image => Made ?? (_read ??= Read());

    /// <summary>Why there is no picture; null when there is one, or when it is still to be made.</summary>
    public NbException? Error { get; init; }

    /// <summary>What a person said of its picture; null for nothing.</summary>
    public PictureReview? Review { get; init; }

    /// <summary>Hash of everything that goes into it; null while its source is not known.</summary>
    public string? ItemKey { get; init; }

    /// <summary>USD it is expected to cost; null when the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>USD it is expected to cost as part of a job, which has no service tiers; null when the price is
    /// unknown.</summary>
    public decimal? EstimatedBatchCost { get; init; }

    /// <summary>How often it is tried at most, each time for that.</summary>
    public int MaximumTryCount { get; init; } = 1;

    /// <summary>USD that all tries that are left cost at most; null when the price is unknown.</summary>
    public decimal? MostCost { get; init; }

    /// <summary>USD it did cost in this run, or when it was made; null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The job at the service that it is part of.</summary>
    public string? Job { get; init; }

    /// <summary>Things to know that stop nothing.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Whether nothing more happens to it in this run.</summary>
    public bool IsFinal => State is not (BatchItemState.Pending or BatchItemState.Running or BatchItemState.Submitted);

    /// <summary>Whether its picture is there.</summary>
    public bool HasImage => State is BatchItemState.Succeeded or BatchItemState.UpToDate;

    /// <summary>Whether it was not sent only because the batch had to stop, or the budget was used up, as others were
    /// not.</summary>
    public bool IsHeldBack => State == BatchItemState.Blocked
        && (Error?.InnerException is NbException || Error?.ErrorId == GenerationErrors.OverBudgetId);

    /// <summary>One error for items that were held back, for each reason; nothing for none.</summary>
    /// <param name="items">Items of one batch; the others among them are left out.</param>
    public static IEnumerable<NbException> WhyHeldBack(IEnumerable<BatchItem> items) =>
        items.Where(item => item.IsHeldBack)
        // Of a budget every item has its own sum, and the cause is the same.
        .GroupBy(item => item.Error!.ErrorId == GenerationErrors.OverBudgetId ? (object)GenerationErrors.OverBudgetId
            : item.Error.InnerException!, ReferenceEqualityComparer.Instance)
        .Select(group => BatchErrors.HeldBack(group.Count(), WhyOf(group.First().Error!)));

    /// <summary>The picture, when it was made in this run.</summary>
    internal NbImage? Made { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({State})";

    private static NbException WhyOf(NbException error) => error.InnerException as NbException ?? error;

    private NbImage? Read()
    {
        if (!HasImage || Path is null) return null;
        try
        {
            return ImageFile.Import(Path);
        }
        catch (NbException)
        {
            // Whoever needs the reason imports the path.
            return null;
        }
    }
}
