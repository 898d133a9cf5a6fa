namespace NanoBanana.Generation;

/// <summary>What is set aside of an allowance for one call.</summary>
/// <param name="Amount">USD it may cost at most.</param>
/// <param name="Usual">USD it usually costs at most.</param>
/// <param name="At">When it was set aside.</param>
internal sealed record AllowanceShare(decimal Amount, decimal Usual, DateTimeOffset At);
