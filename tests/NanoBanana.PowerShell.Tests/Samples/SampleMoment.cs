namespace NanoBanana.PowerShell.Tests.Samples;

/// <summary>When a sample cmdlet does what it was told to.</summary>
public enum SampleMoment
{
    Begin,
    Process,
    End,
    Dispose,
}
