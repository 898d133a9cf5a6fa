namespace NanoBanana.Cli;

/// <summary>What to do when the terminal is gone (SIGHUP): writing to it would end the process, and with it what is in
/// flight.</summary>
internal static class Hangup
{
    // One that is gone does not say any more that it was one.
    private static readonly (bool Output, bool Error) IsTerminal =
        (!Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Looks where output goes, while that can be told.</summary>
    public static void Expect() => _ = IsTerminal;

    /// <summary>Writes nothing more to the terminal; files and pipes get what they got before.</summary>
    public static void FallSilent()
    {
        if (IsTerminal.Output) Console.SetOut(TextWriter.Null);
        if (IsTerminal.Error) Console.SetError(TextWriter.Null);
    }
}
