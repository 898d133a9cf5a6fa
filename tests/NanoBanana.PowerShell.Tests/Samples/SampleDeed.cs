namespace NanoBanana.PowerShell.Tests.Samples;

/// <summary>What a sample cmdlet does at its moment.</summary>
public enum SampleDeed
{
    PassOn,
    Throw,
    Terminate,
    TerminateAndSwallow,
    Error,
    Warning,
    WriteOnThread,
    Swallow,
}
