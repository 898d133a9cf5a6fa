namespace NanoBanana.Emulator.Interactions;

/// <summary>The names of an interaction's states.</summary>
internal static class InteractionStatus
{
    public const string Queued = "queued";
    public const string InProgress = "in_progress";
    public const string RequiresAction = "requires_action";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Incomplete = "incomplete";
    public const string BudgetExceeded = "budget_exceeded";
    public const string RequiresContinuation = "requires_continuation";
}
