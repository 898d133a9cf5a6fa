using NanoBanana.Batches;

namespace NanoBanana.Cli;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>Every item has its picture.</summary>
    public const int Success = 0;

    /// <summary>Some items have no picture.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line, the manifest or the destination is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The budget stopped it.</summary>
    public const int Budget = 3;

    /// <summary>Some items are in progress: part of jobs at the service, which another run fetches, or made by another
    /// process.</summary>
    public const int OnTheWay = 4;

    /// <summary>Some items are out of date (nb status --stale).</summary>
    public const int Stale = 5;

    /// <summary>The exit codes of a command, as its help shows them.</summary>
    /// <param name="command">Its name; any other for all codes.</param>
    public static string HelpOf(string command)
    {
        const string done = "  0  everything is done";
        const string some = "  1  something failed; standard error says what";
        const string usage = "  2  the command line, a file or the folder is wrong; nothing was sent";
        const string budget = "  3  the budget stopped it";
        const string onTheWay = "  4  some items are on their way: run it again later";
        const string stale = "  5  with --stale: some pictures are not what they should be";
        string[] lines = command switch
        {
            "run" => [done, some, usage, budget, onTheWay],
            "status" => [done, some, usage, onTheWay, stale],
            "wait" or "stop" => [done, some, usage, onTheWay],
            "image" or "edit" or "test" => [done, some, usage, budget],
            "resume" or "web" or "mcp" or "serve" => [done, some, usage],
            "anchor" or "estimate" or "usage" or "report" or "schema" or "completion" => [done, usage],
            _ => [done, some, usage, budget, onTheWay, stale],
        };
        return string.Join(Environment.NewLine, ["Exit codes:", .. lines, ""]);
    }

    /// <summary>What a batch that no process works on tells.</summary>
    public static int Of(BatchSummary summary) =>
        summary.IsComplete ? Success
        : summary.Submitted > 0 && summary.Failed + summary.Blocked + summary.Uncertain == 0 ? OnTheWay
        : SomeFailed;

    /// <summary>What an error tells that came before anything was sent that could be billed: the command line, or
    /// what it names, is wrong, unless the service could not be asked.</summary>
    public static int Unsent(NbException e) => e.Kind
        is NbErrorKind.ConnectionError or NbErrorKind.OperationTimeout or NbErrorKind.ResourceUnavailable
        ? SomeFailed : Of(e) is Budget ? Budget : Usage;

    /// <summary>The exit code for an error of a command that makes or checks single pictures.</summary>
    public static int Of(NbException e) =>
        e.ErrorId.StartsWith("Nb.Budget.", StringComparison.Ordinal) ? Budget
        : e.Kind == NbErrorKind.InvalidArgument ? Usage
        : SomeFailed;
}
