namespace NanoBanana.PowerShell.Tests.Pester;

/// <summary>What Invoke-Suite.ps1 reports of one file.</summary>
public sealed record PesterResult(int Passed, int Failed, int Skipped, IReadOnlyList<string> Wrong);
