namespace NanoBanana.Cli;

/// <summary>Handles the loss of the terminal (SIGHUP): writing to it would end the process, and lose requests in
/// flight.</summary>
internal static class Hangup
{
    // Read at the start: once a terminal is gone, it is reported as redirected.
    private static readonly (bool Output, bool Error) IsTerminal =
        (!Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Records where output goes, while that can be detected.</summary>
    public static void Expect() => _ = IsTerminal;

    /// <summary>Stops output to the terminal; files and pipes still get it.</summary>
    public static void FallSilent()
    {
        if (IsTerminal.Output) Console.SetOut(TextWriter.Null);
        if (IsTerminal.Error) Console.SetError(TextWriter.Null);
    }
}
