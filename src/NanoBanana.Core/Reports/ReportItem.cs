using System.Collections.Immutable;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;

namespace NanoBanana.Reports;

/// <summary>A picture on the review page, or an item of a batch that has none.</summary>
internal sealed record ReportItem
{
    /// <summary>State of a picture that was made here.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>State of a picture that a person or a check rejected.</summary>
    public const string Rejected = "Rejected";

    /// <summary>State of a picture without a sidecar: how it was made is unknown.</summary>
    public const string Foreign = "Foreign";

    /// <summary>State of a picture that was converted from another: no longer the model's bytes.</summary>
    public const string Derived = "Derived";

    /// <summary>Name of the item, or of the file.</summary>
    public required string Name { get; init; }

    /// <summary>Of the batch (Succeeded, Failed ...), or of a picture: Succeeded, Foreign, Derived.</summary>
    public required string State { get; init; }

    /// <summary>Full path of the picture; null when there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Length of the picture in bytes; 0 when there is none.</summary>
    public long Length { get; init; }

    /// <summary>The picture's image; null when there is none.</summary>
    public NbImage? Image { get; init; }

    /// <summary>The prompt, when there is no picture that has it.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model, when there is no picture that has it.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the source item, when there is no picture that has it.</summary>
    public string? From { get; init; }

    /// <summary>USD; null when unknown. A converted picture costs nothing.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Place in <see cref="Report.Items"/> of the picture it was made from; null when that is not among
    /// them.</summary>
    public int? Parent { get; init; }

    /// <summary>Full path of the picture it was made from when that is not an item of its own; null when there is
    /// none.</summary>
    public string? Before { get; init; }

    /// <summary>Places in <see cref="Report.References"/>.</summary>
    public ImmutableArray<int> References { get; init; } = [];

    /// <summary>The review of the picture; null for none.</summary>
    public PictureReview? Review { get; init; }

    /// <summary>Warnings.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Error id of what went wrong; null when nothing did.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Message { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }
}
