using System.CommandLine;
using System.Globalization;
using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;

namespace NanoBanana.Cli;

/// <summary><c>nb estimate</c>: what a manifest would cost. Sends nothing and needs no key.</summary>
internal static class EstimateCommand
{
    public static Command Create()
    {
        var manifest = new Argument<FileInfo>("MANIFEST") { Description = "JSON or JSON lines." };
        var destination =
            new Option<DirectoryInfo?>("--out") { Description =
            "Folder of a batch: items that are up to date there cost nothing.", HelpName = "DIR" };
        var command = new Command("estimate", "Count the items of a manifest and what they would cost.");
        command.Arguments.Add(manifest);
        command.Options.Add(destination);
        ServiceOptions service = new ServiceOptions().AddTo(command);
        var flags = new RequestFlags(command);
        command.SetAction(parsed =>
            Run(parsed, parsed.GetRequiredValue(manifest), parsed.GetValue(destination), service, flags));
        return command;
    }

    private static int Run(ParseResult parsed, FileInfo file, DirectoryInfo? destination, ServiceOptions options,
        RequestFlags flags)
    {
        var printer = new Printer();
        try
        {
            using ImageService service = options.Connect(parsed, isSending: false);
            Manifest manifest = Manifest.Load(file.FullName);
            BatchPlan plan =
                BatchPlan.Create(manifest, service, new BatchOptions { Overrides = flags.Read(parsed) },
                destination?.FullName);
            foreach (string warning in plan.Warnings) printer.Warn(warning);
            Print(plan, printer);
            return ExitCode.Success;
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }

    private static void Print(BatchPlan plan, Printer printer)
    {
        BatchItem[] open = [.. plan.ToSend];
        foreach (IGrouping<string, BatchItem> model in open.GroupBy(item => item.Model))
        {
            int unknown = model.Count(item => item.EstimatedCost is null);
            string note = unknown == 0 ? ""
                : string.Create(CultureInfo.InvariantCulture, $" and {unknown} of unknown price");
            printer.Line(string.Create(CultureInfo.InvariantCulture,
                $"{model.Key}: {model.Count()} items, {Readable.Money(model.Sum(item => item.EstimatedCost ?? 0))}{note}"));
        }
        int upToDate = plan.Items.Count(item => item.HasImage);
        int left = plan.Items.Length - open.Length - upToDate;
        string rest = (upToDate == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {upToDate} up to date"))
            + (left == 0 ? ""
                : string.Create(CultureInfo.InvariantCulture, $", {left} not sent by a run as they stand"));
        printer.Line(string.Create(CultureInfo.InvariantCulture,
            $"{open.Length} items to make{rest}: {Readable.Money(plan.EstimatedCost)} live (usually at most {Readable.Money(plan.MostCost)}), {Readable.Money(open.Sum(item => item.EstimatedBatchCost ?? 0))} as a batch"));
    }
}
