using System.CommandLine;
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
            "What stands above it; the folder's name when left out.", HelpName = "TEXT" };
        var recurse = new Option<bool>("--recurse") { Description = "Look through the folders inside too." };
        var command = new Command("report", "Write one HTML page to review a folder of images or a batch.");
        command.Arguments.Add(folder);
        foreach (Option option in new Option[] { page, title, recurse }) command.Options.Add(option);
        command.SetAction(parsed => Run(() => ReportPage.Export(
            parsed.GetRequiredValue(folder).FullName, Printer.Words, parsed.GetValue(page)?.FullName,
            parsed.GetValue(title), parsed.GetValue(recurse))));
        return command;
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
