namespace NanoBanana.Generation;

/// <summary>What one check of a connection found.</summary>
/// <param name="Name">What was checked, such as Key.</param>
/// <param name="State">The result.</param>
/// <param name="Detail">What was found, as a sentence.</param>
/// <param name="Remedy">What to do; empty when there is nothing to do.</param>
public sealed record ConnectionFinding(string Name, FindingState State, string Detail, string Remedy = "");
