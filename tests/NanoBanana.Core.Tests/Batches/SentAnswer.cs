namespace NanoBanana.Tests.Batches;

/// <summary>A request as a server in another process received it, and what it sent.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="ImageHashes">SHA-256 of each picture of its answer.</param>
/// <param name="IsBilled">Whether it is on the bill.</param>
/// <param name="IsDelivered">Whether its last byte was handed to the connection.</param>
internal sealed record SentAnswer(
    string Prompt, IReadOnlyList<string> ImageHashes, bool IsBilled, bool IsDelivered);
