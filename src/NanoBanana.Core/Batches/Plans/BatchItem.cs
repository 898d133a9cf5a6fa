using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Reviews;
using NanoBanana.Generation;
using NanoBanana.Images;

namespace NanoBanana.Batches.Plans;

/// <summary>An item of a batch with its current state.</summary>
public sealed record BatchItem
{
    private NbImage? _read;

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>Its state.</summary>
    public required BatchItemState State { get; init; }

    /// <summary>Its prompt or edit.</summary>
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

    /// <summary>Why there is no picture; null when there is one, or when it has not been made yet.</summary>
    public NbException? Error { get; init; }

    /// <summary>The review of its picture; null for none.</summary>
    public PictureReview? Review { get; init; }

    /// <summary>Hash of everything that goes into it; null until its source is known.</summary>
    public string? ItemKey { get; init; }

    /// <summary>Expected cost in USD; null when the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Expected cost in USD as part of a job, which has no service tiers; null when the price is
    /// unknown.</summary>
    public decimal? EstimatedBatchCost { get; init; }

    /// <summary>The number of tries at most, each at the expected cost.</summary>
    public int MaximumTryCount { get; init; } = 1;

    /// <summary>Highest cost in USD of all remaining tries; null when the price is unknown.</summary>
    public decimal? MostCost { get; init; }

    /// <summary>Actual cost in USD in this run, or when it was made; null when unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The job at the service that it is part of.</summary>
    public string? Job { get; init; }

    /// <summary>Warnings.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Whether nothing more happens to it in this run.</summary>
    public bool IsFinal => State is not (BatchItemState.Pending or BatchItemState.Running or BatchItemState.Submitted);

    /// <summary>Whether its picture exists.</summary>
    public bool HasImage => State is BatchItemState.Succeeded or BatchItemState.UpToDate;

    /// <summary>Whether it was not sent only because the batch had to stop, or the budget was used up, as others were
    /// not.</summary>
    public bool IsHeldBack => State == BatchItemState.Blocked
        && (Error?.InnerException is NbException || Error?.ErrorId == GenerationErrors.OverBudgetId);

    /// <summary>One error for each reason why items were held back; empty when none were.</summary>
    /// <param name="items">Items of one batch; those that were not held back are ignored.</param>
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
