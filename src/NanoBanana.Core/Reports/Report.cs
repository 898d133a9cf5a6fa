using System.Collections.Immutable;

namespace NanoBanana.Reports;

/// <summary>What a review page shows: the pictures of a folder or batch, what failed, and what it cost.</summary>
internal sealed record Report
{
    /// <summary>The title of the page.</summary>
    public required string Title { get; init; }

    /// <summary>Full path of the folder.</summary>
    public required string Folder { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Pictures and failures, in the order of the batch, otherwise in the order they were made.</summary>
    public ImmutableArray<ReportItem> Items { get; init; } = [];

    /// <summary>Anchors and other references the pictures were made with, each once.</summary>
    public ImmutableArray<ReportReference> References { get; init; } = [];

    /// <summary>USD of everything on the page.</summary>
    public decimal Cost => Items.Sum(item => item.Cost ?? 0);
}
