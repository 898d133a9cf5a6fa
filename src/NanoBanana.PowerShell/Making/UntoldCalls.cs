namespace NanoBanana.PowerShell;

/// <summary>What a command that was ended could not say any more is said by the next one of the runspace.</summary>
internal static class UntoldCalls
{
    /// <summary>Leaves word of calls whose end was not told. After Ctrl+C no stream is left to write to.</summary>
    /// <param name="state">Of the cmdlet's runspace.</param>
    /// <param name="command">The cmdlet's name.</param>
    /// <param name="untold">The calls, those included that had ended, and their cost at most.</param>
    /// <param name="keepsAnswers">Whether what was made can be fetched.</param>
    public static void Leave(RunspaceState state, string command, (int Calls, decimal Usd) untold, bool keepsAnswers)
    {
        if (untold.Calls == 0) return;
        state.Leave($"{command} ended with {untold.Calls} call{(untold.Calls == 1 ? "" : "s")} in flight: what was sent "
            + $"may be billed, {Readable.Money(untold.Usd)} at most."
            + (keepsAnswers ? " Resume-NbImage fetches what was made." : ""));
    }
}
