using System.CommandLine;
using NanoBanana.Batches;
using NanoBanana.Images;

namespace NanoBanana.Cli;

/// <summary><c>nb stop</c>: has the service end the jobs that a batch has left there, and fetches what they had made.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder of the batch." };
        var command = new Command("stop", "Cancel a batch's jobs at the service and keep what they had made; a run that goes on is stopped with Ctrl+C.");
        command.Arguments.Add(folder);
        ServiceOptions service = new ServiceOptions().AddTo(command);
        command.SetAction(parsed => RunAsync(parsed, parsed.GetRequiredValue(folder).FullName, service));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string folder, ServiceOptions options)
    {
        var printer = new Printer();
        try
        {
            using ImageService service = options.Connect(parsed, isSending: true);
            using Batch batch = Batch.Open(folder, service, options: new BatchOptions { Mode = BatchMode.Batch });
            batch.Cancel();
            return await RunCommand.RunAsync(batch, printer).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }
}
