namespace NanoBanana.Generation;

/// <summary>What one check of a connection found.</summary>
/// <param name="Name">What was checked, such as Key.</param>
/// <param name="State">How it went.</param>
/// <param name="Detail">What was seen, as a sentence.</param>
/// <param name="Remedy">What to do; empty when nothing is to be done.</param>
public sealed record ConnectionFinding(string Name, FindingState State, string Detail, string Remedy = "");
