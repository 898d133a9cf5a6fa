using System.Collections.Immutable;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Manifests;

/// <summary>One picture of a manifest: a new one by <see cref="Prompt"/>, or a change to another by <see cref="From"/>
/// and <see cref="Edit"/>, with its options. Null values come from the manifest's defaults; for an edit, from its
/// source first.</summary>
public sealed record ManifestItem : RequestOptions
{
    /// <summary>Unique in its manifest; the name of its file unless <see cref="OutFile"/> says otherwise.</summary>
    public required string Name { get; init; }

    /// <summary>The scene to draw; null for an edit.</summary>
    public string? Prompt { get; init; }

    /// <summary>Name of the item to change, or path of a picture to change; null for a new picture.</summary>
    public string? From { get; init; }

    /// <summary>What to change; null for a new picture.</summary>
    public string? Edit { get; init; }

    /// <summary>Names of anchors; null to leave it to the defaults (an edit has none by default: its source brought
    /// them).</summary>
    public ImmutableArray<string>? Anchors { get; init; }

    /// <summary>Other pictures to look at; null to leave it to the defaults (an edit has none by default).</summary>
    public ImmutableArray<ManifestReference>? References { get; init; }

    /// <summary>Files the item depends on, such as prices or a logo: when one changes, the picture is made again. They
    /// are not sent. Null to leave it to the defaults.</summary>
    public ImmutableArray<ManifestPicture>? Depends { get; init; }

    /// <summary>Path of the picture inside the destination; its extension follows the picture's actual
    /// format.</summary>
    public string? OutFile { get; init; }

    /// <summary>Its values of the matrix, by axis; null for an item without a matrix.</summary>
    public ImmutableSortedDictionary<string, string>? Cell { get; init; }

    /// <summary>The item that it is a combination of; null for an item without a matrix.</summary>
    internal string? CellOf { get; init; }

    /// <summary>Hash of the picture at <see cref="From"/> when the batch started; null in a manifest that people write.
    /// The destination keeps a copy of the picture.</summary>
    internal string? FromSha256 { get; init; }

    /// <summary>Where it stands in the manifest's file, for errors.</summary>
    internal TextPosition? Position { get; init; }

    /// <summary>Its prompt or edit.</summary>
    internal string Words => Edit ?? Prompt ?? "";
}
