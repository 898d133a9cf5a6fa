namespace NanoBanana.Emulator.Judging;

/// <summary>One aspect of a verdict.</summary>
/// <param name="Name">What it is called in the answer.</param>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Index">Its place in a list of them.</param>
internal sealed record Aspect(string Name, double Score, int Index = 0);
