namespace NanoBanana.Models;

/// <summary>How much input of one kind a request may have; null for no known limit.</summary>
public sealed record InputLimit
{
    /// <summary>The number of inputs.</summary>
    public int? Count { get; init; }

    /// <summary>Bytes of one input.</summary>
    public long? Bytes { get; init; }

    /// <summary>Seconds of a video, pages of a document.</summary>
    public int? Length { get; init; }
}
