namespace NanoBanana.PowerShell;

/// <summary>The words about calls whose end was not reported when a command was ended.</summary>
internal static class UntoldCalls
{
    /// <summary>The words.</summary>
    /// <param name="command">The cmdlet's name.</param>
    /// <param name="untold">The calls, those included that had ended, and their cost at most.</param>
    /// <param name="keepsAnswers">Whether what was made can be fetched.</param>
    public static string Words(string command, (int Calls, decimal Usd) untold, bool keepsAnswers) =>
        $"{command} ended with {untold.Calls} call{(untold.Calls == 1 ? "" : "s")} in flight: what was sent "
            + $"may be billed, {Readable.Money(untold.Usd)} at most."
            + (keepsAnswers ? " Resume-NbImage fetches what was made." : "");
}
