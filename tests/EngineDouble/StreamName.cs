namespace EngineDouble;

/// <summary>Where something was written.</summary>
public enum StreamName
{
    Output,
    Error,
    Warning,
    Verbose,
    Debug,
    Information,
    Progress,
    Host,
    Prompt,
    Lifecycle,
}
