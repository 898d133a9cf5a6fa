using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NanoBanana.Models;
using NanoBanana.Reports;

namespace NanoBanana.Cli;

/// <summary><c>nb usage</c>: what folders of images did cost. Sends nothing and needs no key.</summary>
internal sealed class UsageCommand
{
    private readonly Argument<FileSystemInfo[]> _paths =
        new("PATH") { Description = "Folders with their subfolders, or images; here when left out.",
        Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<DateOnly?> _since =
        new("--since") { Description = "The first day, UTC, such as 2026-11-01.", HelpName = "DAY",
        CustomParser = ParseDay };
    private readonly Option<DateOnly?> _until =
        new("--until") { Description = "The last day, UTC.", HelpName = "DAY", CustomParser = ParseDay };
    private readonly Option<CostGrouping> _by = new("--by")
    {
        Description = "What lines are grouped by: any of day,folder,model,mode; none gives only the sum.",
        HelpName = "WHAT",
        DefaultValueFactory = _ => CostGrouping.Day | CostGrouping.Folder | CostGrouping.Model | CostGrouping.Mode,
        CustomParser = ParseGrouping,
    };

    public static Command Create()
    {
        var usage = new UsageCommand();
        var command = new Command("usage", "Add up what folders of images cost, each answer once.");
        command.Arguments.Add(usage._paths);
        foreach (Option option in new Option[] { usage._since, usage._until, usage._by }) command.Options.Add(option);
        Option<FileInfo?> catalog = ServiceOptions.CatalogOption();
        command.Options.Add(catalog);
        command.SetAction(parsed => usage.Run(parsed, catalog));
        return command;
    }

    private int Run(ParseResult parsed, Option<FileInfo?> catalog)
    {
        var printer = new Printer();
        try
        {
            ModelCatalog models = ServiceOptions.Catalog(parsed, catalog);
            string[] paths = [.. (parsed.GetValue(_paths) ?? []).Select(path => path.FullName)];
            CostReport report =
                CostReport.Read(paths.Length == 0 ? [Environment.CurrentDirectory]
                : paths, parsed.GetValue(_since), parsed.GetValue(_until), models);
            foreach (string warning in report.Warnings) printer.Warn(warning);
            CostGrouping grouping = parsed.GetValue(_by);
            if (grouping != CostGrouping.None)
            {
                foreach (CostLine line in report.By(grouping)) printer.Line($"{NameOf(line)}: {Sums(line)}");
            }
            printer.Line($"total: {Sums(report.By(CostGrouping.None).FirstOrDefault() ?? new CostLine())}");
            return ExitCode.Success;
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }

    private static string NameOf(CostLine line) => string.Join(", ", new[]
    {
        line.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Folder, line.Model,
            line.Mode?.ToString().ToLowerInvariant(),
    }.OfType<string>());

    private static string Sums(CostLine line) => string.Create(CultureInfo.InvariantCulture,
        $"{line.Answers} answers, {Readable.Money(line.Cost)} (estimate {Readable.Money(line.EstimatedCost)})")
        + (line.OfUnknownPrice == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {line.OfUnknownPrice} of unknown price"))
        + (line.Rehearsals == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {line.Rehearsals} of rehearsals (not billed)"))
        + (line.Uncertain == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture,
        $", {line.Uncertain} uncertain ({Readable.Money(line.UncertainCost)})"));

    private static DateOnly? ParseDay(ArgumentResult result)
    {
        if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture,
            DateTimeStyles.None, out DateOnly day))
        {
            return day;
        }
        result.AddError($"'{result.Tokens[0].Value}' is not a day such as 2026-11-01.");
        return null;
    }

    private static CostGrouping ParseGrouping(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!text.Any(char.IsDigit) && Enum.TryParse(text, ignoreCase: true, out CostGrouping grouping))
        {
            return grouping;
        }
        result.AddError($"'{text}' is not any of day,folder,model,mode, nor none.");
        return default;
    }
}
