namespace NanoBanana.PowerShell;

/// <summary>The notice about calls whose outcome was not reported when a command ended.</summary>
internal static class UntoldCalls
{
    /// <summary>Makes the notice.</summary>
    /// <param name="command">The cmdlet's name.</param>
    /// <param name="untold">The calls, including ended ones, and their highest cost.</param>
    /// <param name="keepsAnswers">Whether the answers can be fetched later.</param>
    public static string Words(string command, (int Calls, decimal Usd) untold, bool keepsAnswers) =>
        $"{command} ended with {untold.Calls} call{(untold.Calls == 1 ? "" : "s")} in flight: what was sent "
            + $"may be billed, {Readable.Money(untold.Usd)} at most."
            + (keepsAnswers ? " Resume-NbImage fetches what was made." : "");
}
