namespace NanoBanana.Generation;

/// <summary>How a check went.</summary>
public enum FindingState
{
    /// <summary>All is well.</summary>
    Passed,

    /// <summary>It works, with something to know.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,

    /// <summary>It was not looked at: it does not apply, or what it needs does not work.</summary>
    Skipped,
}
