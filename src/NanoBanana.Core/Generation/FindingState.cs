namespace NanoBanana.Generation;

/// <summary>The result of one check.</summary>
public enum FindingState
{
    /// <summary>No problem.</summary>
    Passed,

    /// <summary>It works, with a warning.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,

    /// <summary>It was skipped: it does not apply, or an earlier check failed.</summary>
    Skipped,
}
