using System.CommandLine;
using System.CommandLine.Help;
using NanoBanana.Cli.Serving.Mcp;
using NanoBanana.Cli.Serving.Web;

namespace NanoBanana.Cli;

internal static class Program
{
    // Called before anything else is loaded, because that needs files too.
    private static Task<int> Main(string[] arguments)
    {
        if (OpenFiles.Prepare() is not { } refusal) return RunAsync(arguments);
        Console.Error.WriteLine(refusal);
        return Task.FromResult(ExitCode.Usage);
    }

    private static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Makes images with Google's Gemini image models.")
        {
            ImageCommand.Create(),
            ImageCommand.CreateEdit(),
            ResumeCommand.Create(),
            AnchorCommand.Create(),
            TestCommand.Create(),
            RunCommand.Create(),
            StatusCommand.Create(),
            StatusCommand.CreateWait(),
            StopCommand.Create(),
            EstimateCommand.Create(),
            UsageCommand.Create(),
            ReportCommand.Create(),
            WebCommand.Create(),
            McpCommand.Create(),
            ServeCommand.Create(),
            SchemaCommand.Create(),
            CompletionCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            }
            await Console.Error.WriteLineAsync(
                $"See: nb {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help")
                .ConfigureAwait(false);
            return ExitCode.Usage;
        }
        if (parsed.Action is HelpAction help)
        {
            int shown = help.Invoke(parsed);
            await Console.Out.WriteLineAsync(ExitCode.HelpOf(parsed.CommandResult.Command.Name)).ConfigureAwait(false);
            return shown;
        }
        // Ctrl+C is the commands' own: it finishes what is in flight instead of dropping it.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null })
            .ConfigureAwait(false);
    }
}
