namespace NanoBanana.Models;

/// <summary>How much of one kind a request may have; null for no known limit.</summary>
public sealed record InputLimit
{
    /// <summary>How many.</summary>
    public int? Count { get; init; }

    /// <summary>Bytes of one.</summary>
    public long? Bytes { get; init; }

    /// <summary>Seconds of a video, pages of a document.</summary>
    public int? Length { get; init; }
}
