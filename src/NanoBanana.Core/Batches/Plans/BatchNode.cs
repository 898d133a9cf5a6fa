using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Plans;

/// <summary>An item in the graph while it is planned and made. One runner changes it; others only look.</summary>
internal sealed class BatchNode
{
    public required ManifestItem Item { get; init; }

    /// <summary>Path inside the destination without extension, / between folders.</summary>
    public required string Stem { get; init; }

    /// <summary>The node it is made from; null for a new picture and for an edit of a file.</summary>
    public BatchNode? Source { get; init; }

    public List<BatchNode> Children { get; } = [];

    /// <summary>What it asks for with all defaults filled in, without the source's picture.</summary>
    public required ImageRequest Request { get; init; }

    /// <summary>The request as checked; for the edit of a node, as if it had no source.</summary>
    public required PreparedRequest Prepared { get; init; }

    /// <summary>Images sent along, those of the conversation included.</summary>
    public required int InputImages { get; init; }

    /// <summary>Characters sent along, those of the conversation included.</summary>
    public required long InputCharacters { get; init; }

    /// <summary>USD it is expected to cost in the mode of this run; null when unknown.</summary>
    public required decimal? Estimate { get; init; }

    /// <summary>USD it is expected to cost as part of a job; null when the price is unknown.</summary>
    public decimal? BatchEstimate { get; init; }

    /// <summary>How often it is tried at most.</summary>
    public int MaximumTryCount { get; init; } = 1;

    /// <summary>What the ledger knows of it.</summary>
    public ItemRecord? Record { get; set; }

    /// <summary>The picture that a rehearsal made of it, which makes room for the real one; null when there is
    /// none.</summary>
    public LedgerEvent? Rehearsed { get; set; }

    /// <summary>To be made again though it is up to date.</summary>
    public bool IsForced { get; set; }

    /// <summary>Hash of everything that goes into it; null until the source's picture is known.</summary>
    public string? ItemKey { get; set; }

    /// <summary>The service's id of its answer, which is only to be fetched; null when it is to be sent.</summary>
    public string? AnswerId { get; set; }

    public BatchItemState State { get; set; }

    public NbException? Error { get; set; }

    public decimal? Cost { get; set; }

    public string? Path { get; set; }

    /// <summary>What became of the picture in its record.</summary>
    public PictureState Picture { get; set; }

    /// <summary>SHA-256 of the picture that was saved.</summary>
    public string? Sha256 { get; set; }

    public NbImage? Image { get; set; }

    public string? Job { get; set; }

    /// <summary>USD that its job was expected to cost for it, whatever the mode of this run; null while it is part of
    /// none that was found.</summary>
    public decimal? JobEstimate { get; set; }

    public string Name => Item.Name;

    public ModelInfo Model => Prepared.Model;

    public bool HasImage => State is BatchItemState.Succeeded or BatchItemState.UpToDate;

    public BatchItem ToItem() => new()
    {
        Name = Name,
        State = State,
        Prompt = Item.Words,
        From = Item.From,
        Model = Model.Id,
        Path = Path,
        Image = State == BatchItemState.UpToDate ? null : Image,
        Error = Error,
        ItemKey = ItemKey,
        MaximumTryCount = MaximumTryCount,
        EstimatedCost = AnswerId is not null && State == BatchItemState.Pending ? 0
            : State == BatchItemState.Submitted ? JobEstimate ?? Estimate : Estimate,
        EstimatedBatchCost = AnswerId is not null && State == BatchItemState.Pending ? 0 : BatchEstimate,
        Cost = Cost,
        Job = Job,
        Warnings = Image?.Warnings ?? Prepared.Warnings,
    };
}
