using System.CommandLine;
using System.Net;
using NanoBanana.Cli.Serving;
using NanoBanana.Reports;

namespace NanoBanana.Cli;

/// <summary><c>nb report</c>: a page to review a folder of images or a batch. Sends nothing and needs no key.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder of images, or of a batch." };
        var page = new Option<FileInfo?>("--out") { Description = "The page; report.html in DIR when left out.",
            HelpName = "FILE" };
        var title = new Option<string?>("--title") { Description =
            "Title of the page; the folder's name when left out.", HelpName = "TEXT" };
        var recurse = new Option<bool>("--recurse") { Description = "Include subfolders." };
        var serve = new Option<bool>("--serve") { Description =
            "Serve the page on this machine, where it takes approvals, rejections and notes, until Done is pressed there or Ctrl+C: they go to review.json in DIR, for nb run --approved." };
        var port = new Option<int>("--port") { Description = "With --serve: the port; any free one when left out.",
            HelpName = "N" };
        port.Between(IPEndPoint.MinPort, IPEndPoint.MaxPort);
        var command = new Command("report", "Write one HTML page to review a folder of images or a batch.");
        command.Arguments.Add(folder);
        foreach (Option option in new Option[] { page, title, recurse, serve, port }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            bool isServed = result.GetValue(serve);
            if (!isServed && result.GetResult(port) is { Implicit: false })
            {
                result.AddError("--port changes nothing without --serve.");
            }
            if (isServed && result.GetResult(page) is not null)
            {
                result.AddError("--out changes nothing beside --serve.");
            }
        });
        command.SetAction((parsed, _) => parsed.GetValue(serve)
            ? ServerRun.RunAsync(stopping => ServeAsync(() => ReviewServer.Start(
                parsed.GetRequiredValue(folder).FullName, Printer.Words, parsed.GetValue(port),
                parsed.GetValue(title), parsed.GetValue(recurse)), stopping))
            : Task.FromResult(Run(() => ReportPage.Export(
            parsed.GetRequiredValue(folder).FullName, Printer.Words, parsed.GetValue(page)?.FullName,
            parsed.GetValue(title), parsed.GetValue(recurse)))));
        return command;
    }

    private static async Task ServeAsync(Func<ReviewServer> start, CancellationToken stopping)
    {
        using ReviewServer server = start();
        var printer = new Printer();
        printer.Line($"Review at {server.Address} (Done in the page, or Ctrl+C, ends).");
        await Task.WhenAny(server.Completion, Task.Delay(Timeout.Infinite, stopping)).ConfigureAwait(false);
        printer.Line(File.Exists(server.ReviewPath) ? server.ReviewPath : "No picture was reviewed.");
    }

    private static int Run(Func<string> export)
    {
        var printer = new Printer();
        try
        {
            printer.Line(export());
            return ExitCode.Success;
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }
}
