namespace NanoBanana.Cli;

/// <summary>What to do when the terminal is gone (SIGHUP): writing to it would end the process, and with it what is in
/// flight.</summary>
internal static class Hangup
{
    // Read at the start: once a terminal is gone, it is reported as redirected.
    private static readonly (bool Output, bool Error) IsTerminal =
        (!Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Remembers where output goes, while that is known.</summary>
    public static void Expect() => _ = IsTerminal;

    /// <summary>Writes nothing more to the terminal; files and pipes get what they got before.</summary>
    public static void FallSilent()
    {
        if (IsTerminal.Output) Console.SetOut(TextWriter.Null);
        if (IsTerminal.Error) Console.SetError(TextWriter.Null);
    }
}
