using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Pictures;

namespace NanoBanana.Generation;

/// <summary>An answer to a single call that has an id at the service but was not received yet, with everything needed
/// to make an image from it.</summary>
public sealed record PendingAnswer
{
    /// <summary>The service's own id.</summary>
    public required string Id { get; init; }

    /// <summary>When the service gave it an id.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was asked for, in the user's words.</summary>
    public required string Prompt { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The prompt as sent.</summary>
    internal string ComposedPrompt { get; init; } = "";

    internal string? AspectRatio { get; init; }

    internal string? Size { get; init; }

    internal string RequestHash { get; init; } = "";

    internal string? Parent { get; init; }

    /// <summary>Full path of the file its image was to be saved in; null for a name made of the prompt.</summary>
    public string? OutFile { get; init; }

    /// <summary>The planned file name without extension; null for a name made of the prompt.</summary>
    public string? Stem { get; init; }

    internal ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The turns that were sent, and the turns that the service kept.</summary>
    internal ImmutableArray<Turn> Contents { get; init; } = [];

    /// <summary>Full path of the image folder that has its record.</summary>
    public required string Folder { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Readable.Short(Prompt)}";
}
