namespace NanoBanana.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Every item is there.</summary>
    public const int Success = 0;

    /// <summary>Some are not.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line, the manifest or the destination is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The budget stopped it.</summary>
    public const int Budget = 3;

    /// <summary>Some are part of jobs at the service; another run fetches them.</summary>
    public const int Submitted = 4;
}
